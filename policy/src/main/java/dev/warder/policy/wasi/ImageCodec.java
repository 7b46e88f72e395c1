package dev.warder.policy.wasi;

import dev.warder.policy.wasi.machine.BlockSharing;
import dev.warder.policy.wasi.machine.Image;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Images as bytes: pages, number of globals, globals, then the memory up to its last non-zero. */
final class ImageCodec {
  private ImageCodec() {}

  static byte[] encode(int pages, byte[] memory, long[] globals) {
    var length = memory.length;
    while (length > 0 && memory[length - 1] == 0) {
      length--;
    }
    var buffer = ByteBuffer.allocate(2 * Integer.BYTES + globals.length * Long.BYTES + length);
    buffer.putInt(pages).putInt(globals.length);
    for (var global : globals) {
      buffer.putLong(global);
    }
    return buffer.put(memory, 0, length).array();
  }

  static Image decode(byte[] bytes, BlockSharing sharing) {
    var buffer = ByteBuffer.wrap(bytes);
    var pages = buffer.getInt();
    var globals = new long[buffer.getInt()];
    for (int i = 0; i < globals.length; i++) {
      globals[i] = buffer.getLong();
    }
    return Image.of(
        pages, Arrays.copyOfRange(bytes, buffer.position(), bytes.length), globals, sharing);
  }
}
