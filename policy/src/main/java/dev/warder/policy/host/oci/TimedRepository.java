package dev.warder.policy.host.oci;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A repository that is read for a limited time from now on. Each read has a limit, but how many
 * there are is up to the registry: a manifest of signatures may name thousands.
 */
final class TimedRepository implements Repository {
  private final Repository repository;
  private final Duration limit;
  private final long begin = System.nanoTime();

  TimedRepository(Repository repository, Duration limit) {
    this.repository = repository;
    this.limit = limit;
  }

  @Override
  public String name() {
    return repository.name();
  }

  @Override
  public Outcome<Optional<RawManifest>> tagged(String tag) {
    return inTime(() -> repository.tagged(tag));
  }

  @Override
  public Outcome<Optional<RawManifest>> manifest(Digest digest) {
    return inTime(() -> repository.manifest(digest));
  }

  @Override
  public Outcome<Optional<RawManifest>> referrers(Digest subject) {
    return inTime(() -> repository.referrers(subject));
  }

  @Override
  public Outcome<byte[]> blob(Digest digest, long maxBytes) {
    return inTime(() -> repository.blob(digest, maxBytes));
  }

  private <T> Outcome<T> inTime(Supplier<Outcome<T>> read) {
    return System.nanoTime() - begin > limit.toNanos()
        ? Outcome.failed(
            Reason.ModuleSourceUnreachable,
            "reading %s took longer than %d s in all".formatted(name(), limit.toSeconds()))
        : read.get();
  }
}
