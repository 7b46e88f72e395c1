package dev.warder.policy.oci;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import java.util.Optional;

/**
 * One repository of a registry or of a layout on disk. Every read is limited in size and time, and
 * what is read by digest has that digest. Whether something is not there is an answer; that it
 * cannot be asked for is a failure.
 */
public interface Repository {
  /** The repository as messages name it. */
  String name();

  /** The manifest or index under a tag; its digest is that of the bytes that came. */
  Outcome<Optional<RawManifest>> tagged(String tag);

  /** The manifest or index of that digest. */
  Outcome<Optional<RawManifest>> manifest(Digest digest);

  /**
   * The index of the manifests that name the subject, from the referrers API or, where a registry
   * has none, from the tag that stands in for it.
   */
  Outcome<Optional<RawManifest>> referrers(Digest subject);

  /**
   * A blob held in memory.
   *
   * @param maxBytes a larger one fails with {@code ModuleTooLarge}
   */
  Outcome<byte[]> blob(Digest digest, long maxBytes);
}
