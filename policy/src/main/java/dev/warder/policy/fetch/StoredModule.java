package dev.warder.policy.fetch;

import dev.warder.policy.reference.Digest;
import java.nio.file.Path;

/**
 * A module in the store.
 *
 * @param digest SHA-256 of its bytes
 * @param size in bytes
 * @param file where they are
 */
public record StoredModule(Digest digest, long size, Path file) {}
