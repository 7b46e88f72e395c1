package dev.warder.webhook.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a served policy in a URL. One path segment of 1 to 600 characters that need no escaping
 * (letters, digits, {@code - . _ ~}), other than {@code .} and {@code ..}.
 */
public record PolicyId(String value) {
  // 600 holds a namespace (63), a policy's name (253) and the prefixes of both id schemes.
  private static final Pattern SAFE = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,600}");

  /**
   * @throws IllegalArgumentException if the value is no such segment
   */
  public PolicyId {
    if (!SAFE.matcher(value).matches()) {
      throw new IllegalArgumentException("not usable as a policy id in a URL: " + value);
    }
  }

  /** The id if the text is one; what a client sends may be anything. */
  public static Optional<PolicyId> parse(String text) {
    return SAFE.matcher(text).matches() ? Optional.of(new PolicyId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
