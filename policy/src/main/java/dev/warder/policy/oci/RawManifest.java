package dev.warder.policy.oci;

import dev.warder.policy.reference.Digest;

/**
 * A manifest or index as it came, not yet parsed.
 *
 * @param digest SHA-256 of the bytes
 * @param contentType that it was sent with, or empty
 * @param origin where it came from, for messages
 */
public record RawManifest(Digest digest, byte[] bytes, String contentType, String origin) {}
