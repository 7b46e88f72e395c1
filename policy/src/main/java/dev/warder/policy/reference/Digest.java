package dev.warder.policy.reference;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** A SHA-256 content digest; its text form is {@code sha256:} and 64 lower-case hex digits. */
public record Digest(String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final String PREFIX = "sha256:";

  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not 64 lower-case hex digits: " + hex);
    }
  }

  public static Digest of(byte[] content) {
    return ofHash(sha256().digest(content));
  }

  /** The digest whose bytes a {@link MessageDigest} computed. */
  public static Digest ofHash(byte[] hash) {
    return new Digest(HexFormat.of().formatHex(hash));
  }

  /** Reads {@code sha256:<hex>}; empty for anything else. */
  public static Optional<Digest> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    var hex = text.substring(PREFIX.length());
    return HEX.matcher(hex).matches() ? Optional.of(new Digest(hex)) : Optional.empty();
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
