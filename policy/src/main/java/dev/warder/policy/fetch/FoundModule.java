package dev.warder.policy.fetch;

import dev.warder.policy.reference.Digest;
import java.util.Set;

/**
 * A stored module, and the stored way to it.
 *
 * @param manifest that the way begins with
 * @param way all manifests of it
 */
record FoundModule(Digest manifest, StoredModule module, Set<Digest> way) {}
