package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.Memory;
import dev.warder.policy.wasi.machine.LinearMemory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The guest's linear memory as host functions see it: a pointer is a 32-bit unsigned number, and
 * every range is checked before anything is read, written or allocated. A wrong one is a trap.
 */
final class GuestMemory {
  private final LinearMemory memory;

  GuestMemory(LinearMemory memory) {
    this.memory = memory;
  }

  /** Requires {@code count} items of {@code size} bytes at the address. */
  void check(int address, long count, int size) {
    var start = Integer.toUnsignedLong(address);
    var length = count * size;
    var limit = (long) memory.pages() * Memory.PAGE_SIZE;
    if (start + length > limit) {
      throw new Stop.Trap(
          "a host function was given the out-of-range pointer %d, length %d; the memory has %d bytes"
              .formatted(start, length, limit));
    }
  }

  void check(int address, int length) {
    check(address, Integer.toUnsignedLong(length), 1);
  }

  byte[] read(int address, int length) {
    check(address, length);
    return memory.readBytes(address, length);
  }

  /** Reads UTF-8 of at most {@code limit} bytes; anything else is a trap. */
  String readText(int address, int length, int limit) {
    check(address, length);
    if (Integer.compareUnsigned(length, limit) > 0) {
      throw new Stop.Trap("a host function was given a name longer than " + limit + " bytes");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(memory.readBytes(address, length)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Stop.Trap("a host function was given a name that is not UTF-8");
    }
  }

  int readByte(int address) {
    check(address, 1);
    return memory.read(address) & 0xFF;
  }

  int readShort(int address) {
    check(address, Short.BYTES);
    return memory.readShort(address) & 0xFFFF;
  }

  int readInt(int address) {
    check(address, Integer.BYTES);
    return memory.readInt(address);
  }

  long readLong(int address) {
    check(address, Long.BYTES);
    return memory.readLong(address);
  }

  void write(int address, byte[] bytes) {
    write(address, bytes, 0, bytes.length);
  }

  void write(int address, byte[] bytes, int offset, int length) {
    check(address, length);
    memory.write(address, bytes, offset, length);
  }

  void writeInt(int address, int value) {
    check(address, Integer.BYTES);
    memory.writeI32(address, value);
  }

  void writeLong(int address, long value) {
    check(address, Long.BYTES);
    memory.writeLong(address, value);
  }
}
