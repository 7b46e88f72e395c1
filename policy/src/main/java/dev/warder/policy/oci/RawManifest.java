package dev.warder.policy.oci;

import dev.warder.policy.reference.Digest;

/** A manifest or index as it came, not yet parsed. */
public final class RawManifest {
  private final Digest digest;
  private final byte[] bytes;
  private final String contentType;
  private final String origin;

  /**
   * Takes the bytes as they came.
   *
   * @param contentType that they were sent with, or empty
   * @param origin where they came from, for messages
   */
  public RawManifest(byte[] bytes, String contentType, String origin) {
    this.digest = Digest.of(bytes);
    this.bytes = bytes;
    this.contentType = contentType;
    this.origin = origin;
  }

  /** SHA-256 of the bytes. */
  public Digest digest() {
    return digest;
  }

  /** Callers must not change them. */
  public byte[] bytes() {
    return bytes;
  }

  public String contentType() {
    return contentType;
  }

  public String origin() {
    return origin;
  }
}
