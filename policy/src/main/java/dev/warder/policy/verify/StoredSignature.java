package dev.warder.policy.verify;

import java.util.SortedMap;

/**
 * A signature as a registry gave it. Nothing of it is believed or even known to be readable.
 *
 * @param origin where it was, for messages
 * @param content the layer, in base64
 * @param annotations of the layer, as far as they count
 */
record StoredSignature(
    Format format, String origin, String content, SortedMap<String, String> annotations) {
  /** What the layer is. */
  enum Format {
    SIMPLE_SIGNING,
    BUNDLE
  }

  int chars() {
    return content.length() + annotations.values().stream().mapToInt(String::length).sum();
  }
}
