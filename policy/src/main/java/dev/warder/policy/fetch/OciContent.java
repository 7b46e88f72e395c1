package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;

/**
 * What is in one repository. Manifests and blobs that are asked for by digest have that digest, or
 * fail with {@code ModuleDigestMismatch}; what is not there fails with {@code ModuleNotFound}.
 */
interface OciContent {
  /** The repository as messages name it. */
  String name();

  Outcome<RawManifest> tagged(String tag, Deadline deadline);

  Outcome<RawManifest> manifest(Digest digest, Deadline deadline);

  /** The index of the manifests that name the subject. */
  Outcome<RawManifest> referrers(Digest subject, Deadline deadline);

  /**
   * Writes a blob into the sink; whoever owns the sink compares the digest.
   *
   * @param whenLarger what to say of one that goes on after so many bytes
   * @return the number of bytes
   */
  Outcome<Long> blob(
      Digest digest, ByteSink sink, long maxBytes, Failure whenLarger, Deadline deadline);

  /** How messages name a blob. */
  String blobName(Digest digest);
}
