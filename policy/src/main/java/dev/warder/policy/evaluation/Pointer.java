package dev.warder.policy.evaluation;

import org.jspecify.annotations.Nullable;

/**
 * A JSON Pointer (RFC 6901) through objects that is written out only when it is needed.
 *
 * @param chars an upper bound of the length of the text
 */
record Pointer(@Nullable Pointer parent, String name, int depth, long chars) {
  static final Pointer ROOT = new Pointer(null, "", 0, 0);

  Pointer to(String member) {
    return new Pointer(this, member, depth + 1, chars + maxChars(member));
  }

  /** A slash and the name, in which each character may need an escape of two. */
  static long maxChars(String name) {
    return 1 + 2L * name.length();
  }

  String text() {
    return parent == null ? "" : parent.text() + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
