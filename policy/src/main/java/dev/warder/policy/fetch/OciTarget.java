package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.util.Optional;

/** Where the parts of an artifact are put; a manifest comes after what it names. */
interface OciTarget {
  /** Whether it has a blob, so that it need not be read anywhere. */
  Outcome<Boolean> has(Digest blob);

  /** Stores a blob. */
  Outcome<Digest> put(Digest digest, byte[] blob);

  /** Stores a manifest as it came, under its digest and, if there is one, a tag. */
  Outcome<Digest> put(RawManifest manifest, ManifestLinks links, Optional<String> tag);
}
