package dev.warder.policy.wasi.compile;

/**
 * What the two processes say to each other, in big-endian numbers. The child begins with {@link
 * #HELLO}. A request is {@link #COMPILE}, the module's digest (32 bytes), its size (int), and the
 * path of its file (short length, UTF-8). An answer is any number of {@link #BLOB}s (short name
 * length, UTF-8, int length, bytes) and then one of {@link #DONE} (int number of blobs, long sum of
 * their lengths), {@link #FAILED} (two texts, the reason's name and a message, each a short length
 * and UTF-8) and {@link #OUT_OF_MEMORY}.
 */
final class Protocol {
  /** Letters and the protocol's version. */
  static final int HELLO = 'W' << 24 | 'R' << 16 | 'D' << 8 | 1;

  static final int COMPILE = 'C';
  static final int BLOB = 'B';
  static final int DONE = 'D';
  static final int FAILED = 'F';
  static final int OUT_OF_MEMORY = 'M';

  static final int MAX_PATH_BYTES = 4096;
  static final int MAX_REASON_BYTES = 64;
  static final int MAX_MESSAGE_BYTES = 8192;

  private Protocol() {}
}
