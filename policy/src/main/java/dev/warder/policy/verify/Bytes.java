package dev.warder.policy.verify;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Bytes that nobody changes, equal when they are the same. */
public final class Bytes {
  private final byte[] array;

  public Bytes(byte[] array) {
    this.array = array;
  }

  /** The one standard base64 text of some bytes; empty for any other text. */
  static Optional<Bytes> ofBase64(String text) {
    try {
      var bytes = new Bytes(Base64.getDecoder().decode(text));
      return bytes.base64().equals(text) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Callers must not change them. */
  public byte[] array() {
    return array;
  }

  int length() {
    return array.length;
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(array);
  }

  boolean startsWith(byte[] prefix) {
    return array.length >= prefix.length
        && Arrays.equals(array, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return array.length + " bytes";
  }
}
