package dev.warder.policy.fetch;

import static dev.warder.policy.fetch.RegistryRepository.found;

import dev.warder.policy.Outcome;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.util.Optional;

/** A repository in a folder; a read is limited in time like a fetch. */
final class LayoutRepository implements Repository {
  private final LayoutContent content;
  private final FetchLimits limits;
  private final TransferListener listener;

  LayoutRepository(
      ModuleReference.Layout reference, FetchLimits limits, TransferListener listener) {
    this.content = new LayoutContent(reference, limits.maxManifestBytes());
    this.limits = limits;
    this.listener = listener;
  }

  @Override
  public String name() {
    return content.name();
  }

  @Override
  public Outcome<Optional<RawManifest>> tagged(String tag) {
    return found(content.tagged(tag, deadline()));
  }

  @Override
  public Outcome<Optional<RawManifest>> manifest(Digest digest) {
    return found(content.manifest(digest, deadline()));
  }

  @Override
  public Outcome<Optional<RawManifest>> referrers(Digest subject) {
    return found(content.referrers(subject, deadline()));
  }

  @Override
  public Outcome<byte[]> blob(Digest digest, long maxBytes) {
    return Blobs.inMemory(content, digest, maxBytes, deadline(), listener);
  }

  private Deadline deadline() {
    return Deadline.in(limits.totalTimeout());
  }
}
