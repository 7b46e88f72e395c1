package dev.warder.policy.testing;

import java.util.Map;

/**
 * A request as a {@link LoopbackServer} read it; header names are lower-case, and each byte of the
 * body is a character.
 */
public record Request(String method, String path, Map<String, String> headers, String body) {
  /** The Authorization header, or an empty text. */
  public String authorization() {
    return headers.getOrDefault("authorization", "");
  }
}
