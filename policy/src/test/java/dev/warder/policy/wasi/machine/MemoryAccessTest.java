package dev.warder.policy.wasi.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Behind the check of an address the JVM checks nothing, so the check is compared with an oracle.
 */
final class MemoryAccessTest {
  private static final int PAGE = 65_536;
  private static final int ACCESSES = 1000;
  private static final List<Integer> EDGES =
      List.of(0, 1, 8, 1023, 1024, PAGE, 2 * PAGE, Integer.MAX_VALUE, Integer.MIN_VALUE, -1);

  /** Has grown past its image, so that its array is longer than what the guest may reach. */
  private final LinearMemory memory = new LinearMemory(new MemoryLimits(1, 100), 100);

  private byte[] oracle = new byte[PAGE];

  @Property(tries = 200)
  void everyAccessIsInBoundsOrATrap(@ForAll long seed) {
    var random = new Random(seed);
    for (int i = 0; i < ACCESSES; i++) {
      if (random.nextInt(200) == 0 && oracle.length < 20 * PAGE) {
        memory.grow(1);
        oracle = java.util.Arrays.copyOf(oracle, oracle.length + PAGE);
      }
      access(near(random), near(random), random);
    }
    assertThat(memory.content()).isEqualTo(oracle);
  }

  private int near(Random random) {
    var edge =
        random.nextInt(3) == 0 ? oracle.length : EDGES.get(random.nextInt(EDGES.size())).intValue();
    return random.nextInt(4) == 0 ? 0 : edge + random.nextInt(20) - 10;
  }

  private void access(int base, int offset, Random random) {
    var address = Integer.toUnsignedLong(base) + Integer.toUnsignedLong(offset);
    var value = random.nextLong();
    var buffer = ByteBuffer.wrap(oracle).order(ByteOrder.LITTLE_ENDIAN);
    var at = (int) address;
    switch (random.nextInt(6)) {
      case 0 -> {
        if (fits(address, 1, () -> write8(base, (byte) value, offset))) {
          buffer.put(at, (byte) value);
          assertThat(MemoryAccess.memoryReadByte(base, offset, memory)).isEqualTo((byte) value);
        }
      }
      case 1 -> {
        if (fits(address, 2, () -> write16(base, (short) value, offset))) {
          buffer.putShort(at, (short) value);
          assertThat(MemoryAccess.memoryReadShort(base, offset, memory)).isEqualTo((short) value);
        }
      }
      case 2 -> {
        if (fits(address, 4, () -> write32(base, (int) value, offset))) {
          buffer.putInt(at, (int) value);
          assertThat(MemoryAccess.memoryReadInt(base, offset, memory)).isEqualTo((int) value);
        }
      }
      case 3 -> {
        if (fits(address, 8, () -> write64(base, value, offset))) {
          buffer.putLong(at, value);
          assertThat(MemoryAccess.memoryReadLong(base, offset, memory)).isEqualTo(value);
        }
      }
      case 4 -> {
        var number = (float) random.nextGaussian();
        if (fits(address, 4, () -> MemoryAccess.memoryWriteFloat(base, number, offset, memory))) {
          buffer.putFloat(at, number);
          assertThat(MemoryAccess.memoryReadFloat(base, offset, memory)).isEqualTo(number);
        }
      }
      default -> {
        var number = random.nextGaussian();
        if (fits(address, 8, () -> MemoryAccess.memoryWriteDouble(base, number, offset, memory))) {
          buffer.putDouble(at, number);
          assertThat(MemoryAccess.memoryReadDouble(base, offset, memory)).isEqualTo(number);
        }
      }
    }
    readsTrap(address, base, offset);
  }

  private void write8(int base, byte value, int offset) {
    MemoryAccess.memoryWriteByte(base, value, offset, memory);
  }

  private void write16(int base, short value, int offset) {
    MemoryAccess.memoryWriteShort(base, value, offset, memory);
  }

  private void write32(int base, int value, int offset) {
    MemoryAccess.memoryWriteInt(base, value, offset, memory);
  }

  private void write64(int base, long value, int offset) {
    MemoryAccess.memoryWriteLong(base, value, offset, memory);
  }

  /** Writes, or sees that it cannot be written. */
  private boolean fits(long address, int size, Runnable write) {
    if (address + size <= oracle.length) {
      write.run();
      return true;
    }
    assertThatThrownBy(write::run)
        .isInstanceOf(WasmRuntimeException.class)
        .hasMessage("out of bounds memory access");
    return false;
  }

  private void readsTrap(long address, int base, int offset) {
    if (address + 8 > oracle.length) {
      assertThatThrownBy(() -> MemoryAccess.memoryReadLong(base, offset, memory))
          .isInstanceOf(WasmRuntimeException.class);
    }
    if (address >= oracle.length) {
      assertThatThrownBy(() -> MemoryAccess.memoryReadByte(base, offset, memory))
          .isInstanceOf(WasmRuntimeException.class);
    }
  }
}
