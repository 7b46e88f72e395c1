package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Brings modules into the store, from files, web servers and registries, without credentials. Safe
 * for use by several threads.
 */
public final class ModuleFetcher implements AutoCloseable {
  private final ModuleStore store;
  private final FetchLimits limits;
  private final HttpTransport transport;
  private final FileSource files;
  private final HttpSource web;
  private final RegistrySource registries;

  /**
   * A fetcher that trusts the authorities that Java trusts.
   *
   * @param insecureHosts {@code host} or {@code host:port} (without the scheme's default port) from
   *     which plain HTTP is allowed
   */
  public ModuleFetcher(ModuleStore store, FetchLimits limits, Set<String> insecureHosts) {
    this(store, limits, insecureHosts, trustOfJava());
  }

  /** A fetcher that trusts what the TLS context trusts. */
  public ModuleFetcher(
      ModuleStore store, FetchLimits limits, Set<String> insecureHosts, SSLContext tls) {
    var insecure = new InsecureHosts(insecureHosts);
    this.store = store;
    this.limits = limits;
    transport = new HttpTransport(limits, tls);
    var http = new HttpFollower(transport, insecure, limits.maxRedirects());
    files = new FileSource(store, limits);
    web = new HttpSource(http, store, limits);
    registries =
        new RegistrySource(
            http,
            new RegistryEndpoint(transport, insecure, limits.connectTimeout()),
            store,
            limits);
  }

  /** Gets a module; a tag is resolved once. Blocks up to the total time limit. */
  public Outcome<FetchedModule> fetch(ModuleReference reference) {
    return fetch(reference, Optional.empty());
  }

  /**
   * Gets exactly the module of that digest: from the store without any network when it is there,
   * else from the immutable reference.
   */
  public Outcome<FetchedModule> fetchPinned(
      ModuleReference reference, String immutableReference, Digest moduleDigest) {
    var stored = store.find(moduleDigest);
    if (stored.isPresent()) {
      return Outcome.done(FetchedModule.of(reference, immutableReference, stored.get()));
    }
    return ModuleReferences.parse(immutableReference)
        .then(pinned -> fetch(pinned, Optional.of(moduleDigest)))
        .map(
            module ->
                new FetchedModule(
                    reference,
                    module.immutableReference(),
                    module.digest(),
                    module.size(),
                    module.file()));
  }

  private Outcome<FetchedModule> fetch(ModuleReference reference, Optional<Digest> expected) {
    var deadline = Deadline.in(limits.totalTimeout());
    return switch (reference) {
      case ModuleReference.File file -> files.fetch(file, expected, deadline);
      case ModuleReference.Http http -> web.fetch(http, expected, deadline);
      case ModuleReference.Registry registry -> registries.fetch(registry, expected, deadline);
    };
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    transport.close();
  }

  private static SSLContext trustOfJava() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has a default TLS context", e);
    }
  }
}
