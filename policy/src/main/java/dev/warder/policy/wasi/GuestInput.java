package dev.warder.policy.wasi;

/** Descriptor 0: a queue that a read drains. Empty means end of file, until more is appended. */
final class GuestInput {
  private byte[] bytes;
  private int position;

  GuestInput(byte[] bytes) {
    this.bytes = bytes;
  }

  int available() {
    return bytes.length - position;
  }

  /** Moves up to {@code length} bytes to the guest; the range was checked. */
  int drainTo(GuestMemory memory, int address, int length) {
    var count = Math.min(length, available());
    memory.write(address, bytes, position, count);
    position += count;
    return count;
  }

  void append(byte[] more) {
    var rest = available();
    var joined = new byte[rest + more.length];
    System.arraycopy(bytes, position, joined, 0, rest);
    System.arraycopy(more, 0, joined, rest, more.length);
    bytes = joined;
    position = 0;
  }
}
