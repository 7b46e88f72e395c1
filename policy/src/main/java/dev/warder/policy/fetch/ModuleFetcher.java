package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Brings modules into the store, from files, web servers and registries. */
public final class ModuleFetcher implements AutoCloseable {
  private final ModuleStore store;

  /**
   * A fetcher that trusts the authorities that Java trusts.
   *
   * @param insecureHosts {@code host} or {@code host:port} (never the scheme's default port) from
   *     which plain HTTP is allowed
   */
  public ModuleFetcher(ModuleStore store, FetchLimits limits, Set<String> insecureHosts) {
    this.store = store;
  }

  /** A fetcher that trusts what the context trusts. */
  public ModuleFetcher(
      ModuleStore store, FetchLimits limits, Set<String> insecureHosts, SSLContext tls) {
    this.store = store;
  }

  /** Gets a module; a tag is resolved once. Blocks up to the total time limit. */
  public Outcome<FetchedModule> fetch(ModuleReference reference) {
    return Outcome.failed(Reason.InternalError, reference.text());
  }

  /**
   * Gets exactly the module of that digest: from the store without any network when it is there,
   * else from the immutable reference.
   */
  public Outcome<FetchedModule> fetchPinned(
      ModuleReference reference, String immutableReference, Digest moduleDigest) {
    return store
        .find(moduleDigest)
        .map(
            file ->
                Outcome.done(
                    new FetchedModule(reference, immutableReference, moduleDigest, 0, file)))
        .orElseGet(() -> fetch(reference));
  }

  @Override
  public void close() {}
}
