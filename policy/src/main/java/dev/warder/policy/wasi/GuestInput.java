package dev.warder.policy.wasi;

import java.util.ArrayDeque;

/**
 * Descriptor 0: a queue that a read drains. Empty means end of file, until more is appended. What
 * is appended is not copied, so a reply that many guests get is in memory once.
 */
final class GuestInput {
  private final ArrayDeque<byte[]> parts = new ArrayDeque<>();
  private int position;
  private int available;

  GuestInput(byte[] bytes) {
    append(bytes);
  }

  int available() {
    return available;
  }

  /** Moves up to {@code length} bytes to the guest; the range was checked. */
  int drainTo(GuestMemory memory, int address, int length) {
    var moved = 0;
    while (moved < length && !parts.isEmpty()) {
      var part = parts.getFirst();
      var count = Math.min(length - moved, part.length - position);
      memory.write(address + moved, part, position, count);
      moved += count;
      position += count;
      if (position == part.length) {
        parts.removeFirst();
        position = 0;
      }
    }
    available -= moved;
    return moved;
  }

  void append(byte[] more) {
    if (more.length > 0) {
      parts.addLast(more);
      available += more.length;
    }
  }
}
