package dev.warder.policy.tuf;

import dev.warder.policy.Outcome;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.UnverifiedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trust root of Sigstore's public instance: that of the release until a later one was proven.
 * One that was proven counts until the next, also after a restart and after its metadata expired:
 * only a visit can tell whether there is a later one.
 */
public final class PublicTrustRoot implements Supplier<TrustRoot> {
  private static final Logger LOG = LoggerFactory.getLogger(PublicTrustRoot.class);

  private final TufClient client;
  private final KeptTrust kept;
  private volatile Current current;
  private volatile boolean needed;

  /** The trust root, and where it comes from if not from the release. */
  private record Current(TrustRoot root, Optional<TufTarget> target) {}

  private PublicTrustRoot(TrustAnchor anchor, Path store, boolean refreshed) {
    client = new TufClient(anchor);
    kept = new KeptTrust(store);
    var release = new Current(anchor.release(), Optional.empty());
    current = refreshed ? proven().orElse(release) : release;
  }

  /**
   * Begins with what the last visit left in the store, if it proves itself again.
   *
   * @param source empty for the trust root of the release, now and later
   */
  public static PublicTrustRoot open(Optional<TrustRootSource> source, Path store) {
    return new PublicTrustRoot(
        source.map(TrustRootSource::anchor).orElseGet(TrustAnchor::publicGood),
        store,
        source.isPresent());
  }

  private Optional<Current> proven() {
    try {
      var files = kept.read();
      return files.isEmpty() ? Optional.empty() : Optional.of(current(client.prove(files)));
    } catch (UnverifiedException e) {
      LOG.warn("{} is not used, but the trust root of the release: {}", kept, e.why());
    } catch (IOException e) {
      LOG.warn("{} is not used, but the trust root of the release: {}", kept, e.toString());
    }
    return Optional.empty();
  }

  private static Current current(TufTarget target) throws UnverifiedException {
    return switch (TrustRoot.parse(target.content().array())) {
      case Outcome.Done<TrustRoot>(var root) -> new Current(root, Optional.of(target));
      case Outcome.Failed<TrustRoot>(var failure) ->
          throw new UnverifiedException(failure.message());
    };
  }

  @Override
  public TrustRoot get() {
    return current.root();
  }

  /** The same, for who judges by it only now and then: from the first time on it is needed. */
  public TrustRoot getAsNeeded() {
    needed = true;
    return get();
  }

  boolean isNeeded() {
    return needed;
  }

  /** Whether the repository had another trust root, which counts from now on. */
  synchronized boolean refresh(TufFiles repository, Instant now) throws UnverifiedException {
    var former = current;
    var next = current(client.visit(repository, former.target(), now));
    current = next;
    keep(next);
    return !next.root().fingerprint().equals(former.root().fingerprint());
  }

  /** A failure costs the next start the newer trust root until its first visit. */
  private void keep(Current next) {
    try {
      kept.write(next.target().orElseThrow().files());
    } catch (IOException e) {
      LOG.warn("The trust root cannot be kept in {}: {}", kept, e.toString());
    }
  }

  /** Names what counts now, for the log. */
  @Override
  public String toString() {
    var now = current;
    return now.root().fingerprint()
        + now.target()
            .map(
                target ->
                    " (targets of version %d, root of version %d)"
                        .formatted(target.targets().version(), target.root().metadata().version()))
            .orElse(" (of the release)");
  }
}
