package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A repository of a registry; a read is limited in time like a fetch. */
final class RegistryRepository implements Repository {
  private final CurrentAccess access;
  private final ModuleReference.Registry reference;
  private final FetchLimits limits;
  private final TransferListener listener;
  private @Nullable Opened opened;

  RegistryRepository(
      CurrentAccess access,
      ModuleReference.Registry reference,
      FetchLimits limits,
      TransferListener listener) {
    this.access = access;
    this.reference = reference;
    this.limits = limits;
    this.listener = listener;
  }

  /** What is kept between reads, for as long as the sources are the same. */
  private record Opened(SourceAccess access, OciContent content) {}

  @Override
  public String name() {
    return reference.host() + "/" + reference.repository();
  }

  @Override
  public Outcome<Optional<RawManifest>> tagged(String tag) {
    return found(read((content, deadline) -> content.tagged(tag, deadline)));
  }

  @Override
  public Outcome<Optional<RawManifest>> manifest(Digest digest) {
    return found(read((content, deadline) -> content.manifest(digest, deadline)));
  }

  @Override
  public Outcome<Optional<RawManifest>> referrers(Digest subject) {
    return found(read((content, deadline) -> content.referrers(subject, deadline)));
  }

  @Override
  public Outcome<byte[]> blob(Digest digest, long maxBytes) {
    return read(
        (content, deadline) -> Blobs.inMemory(content, digest, maxBytes, deadline, listener));
  }

  private <T> Outcome<T> read(BiFunction<OciContent, Deadline, Outcome<T>> reader) {
    return access.use(
        entered -> reader.apply(content(entered), Deadline.in(limits.totalTimeout())));
  }

  private synchronized OciContent content(SourceAccess entered) {
    var kept = opened;
    if (kept == null || kept.access() != entered) {
      kept = new Opened(entered, entered.repository(reference));
      opened = kept;
    }
    return kept.content();
  }

  static <T> Outcome<Optional<T>> found(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(var value) -> Outcome.done(Optional.of(value));
      case Outcome.Failed<T>(var failure) when failure.reason() == Reason.ModuleNotFound ->
          Outcome.done(Optional.empty());
      case Outcome.Failed<T>(var failure) -> new Outcome.Failed<>(failure);
    };
  }
}
