package dev.warder.policy.wasi.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LinearMemoryTest {
  private static final int PAGE = Memory.PAGE_SIZE;
  private static final int PAGES = 2;
  private static final int MAX_PAGES = 5;
  private static final long[] GLOBALS = {7, -1, 1L << 40};

  private final LinearMemory memory =
      new LinearMemory(new MemoryLimits(PAGES, MAX_PAGES), MAX_PAGES);

  /** Every way to write there is, at any address, in any order. */
  @Property(tries = 300)
  void whateverWasWrittenIsTakenBack(@ForAll long seed) {
    var random = new Random(seed);
    var image = image(random);
    memory.load(image);
    assertThat(memory.equalTo(image)).isTrue();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 40; i++) {
        write(random);
      }
      memory.g1 = random.nextLong();
      memory.restore(image);
      assertThat(memory.equalTo(image)).isTrue();
      assertThat(memory.pages()).isEqualTo(PAGES);
    }
  }

  private static Image image(Random random) {
    var content = new byte[PAGES * PAGE];
    for (int i = 0; i < 200; i++) {
      content[random.nextInt(content.length)] = (byte) random.nextInt();
    }
    return Image.of(PAGES, content, GLOBALS, new BlockSharing());
  }

  private void write(Random random) {
    var size = memory.pages() * PAGE;
    var address = random.nextInt(size - 8);
    var length = random.nextInt(Math.min(3000, size - address));
    switch (random.nextInt(11)) {
      case 0 -> MemoryAccess.memoryWriteByte(address, (byte) -1, 0, memory);
      case 1 -> MemoryAccess.memoryWriteShort(address, (short) -1, 0, memory);
      case 2 -> MemoryAccess.memoryWriteInt(address, -1, 0, memory);
      case 3 -> MemoryAccess.memoryWriteLong(address, -1, 0, memory);
      case 4 -> MemoryAccess.memoryWriteFloat(address, Float.NaN, 0, memory);
      case 5 -> MemoryAccess.memoryWriteDouble(address, Double.NaN, 0, memory);
      case 6 -> memory.fill((byte) -1, address, address + length);
      case 7 -> memory.copy(address, random.nextInt(size - length), length);
      case 8 -> memory.write(address, new byte[length + 1], 1, length);
      // The last bytes of a card, so that the write reaches into the next one.
      case 9 -> memory.writeLong((address | 1023) - 7 + random.nextInt(8) - 8, -1);
      default -> memory.grow(random.nextInt(2));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void aWriteThatReachesIntoTheNextCardIsTakenBackWhole(int before) {
    var image = Image.of(PAGES, new byte[0], GLOBALS, new BlockSharing());
    memory.load(image);
    memory.writeLong(4096 - before, -1);
    memory.restore(image);
    assertThat(memory.equalTo(image)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "131068, 0, true",
    "131069, 0, false",
    "0, 131068, true",
    "0, 131069, false",
    "-1, 0, false",
    "-1, 1, false",
    "0, -1, false",
    "2147483647, 2147483647, false",
    "2147483647, -2147483647, false"
  })
  void anAddressIsTheSumOfTwoUnsignedNumbers(int base, int offset, boolean within) {
    if (within) {
      assertThat(MemoryAccess.memoryReadInt(base, offset, memory)).isZero();
    } else {
      assertThatThrownBy(() -> MemoryAccess.memoryReadInt(base, offset, memory))
          .isInstanceOf(WasmRuntimeException.class)
          .hasMessage("out of bounds memory access");
      assertThatThrownBy(() -> MemoryAccess.memoryWriteInt(base, 1, offset, memory))
          .isInstanceOf(WasmRuntimeException.class);
    }
  }

  @Test
  void whatWasGrownOnceIsOutOfReachForTheNext() {
    var image = Image.of(PAGES, new byte[0], GLOBALS, new BlockSharing());
    memory.load(image);
    assertThat(memory.grow(3)).isEqualTo(PAGES);
    memory.writeByte(MAX_PAGES * PAGE - 1, (byte) 1);
    memory.restore(image);
    assertThatThrownBy(() -> memory.read(PAGES * PAGE)).isInstanceOf(WasmRuntimeException.class);
    assertThat(memory.grow(3)).isEqualTo(PAGES);
    assertThat(memory.read(MAX_PAGES * PAGE - 1)).isZero();
  }

  @Test
  void growingPageByPageKeepsWhatWasWritten() {
    var large = new LinearMemory(new MemoryLimits(1, 2048), 2048);
    for (int page = 1; page < 2048; page++) {
      large.writeI32(page * PAGE - 4, page);
      assertThat(large.grow(1)).isEqualTo(page);
      assertThat(large.readInt(page * PAGE - 4)).isEqualTo(page);
    }
    assertThat(large.readInt(4)).isZero();
    assertThat(large.readInt(PAGE - 4)).isEqualTo(1);
    assertThat(large.grow(1)).isEqualTo(-1);
    assertThat(large.heldBytes()).isLessThan(2049L * PAGE + (2048 << 6) + 1);
  }

  @Test
  void aBulkWriteOutOfBoundsWritesNothing() {
    for (Runnable write :
        List.<Runnable>of(
            () -> memory.fill((byte) 1, PAGE, PAGES * PAGE + 1),
            () -> memory.copy(PAGES * PAGE - 10, 0, 11),
            () -> memory.copy(0, PAGES * PAGE - 10, 11),
            () -> memory.write(PAGES * PAGE - 10, new byte[11], 0, 11),
            () -> memory.fill((byte) 1, -1, 1))) {
      assertThatThrownBy(write::run).isInstanceOf(WasmRuntimeException.class);
    }
    assertThat(memory.content()).containsOnly(0);
  }

  @Test
  void overlappingCopiesMoveEitherWay() {
    memory.write(100, new byte[] {1, 2, 3, 4});
    memory.copy(102, 100, 4);
    assertThat(memory.readBytes(100, 6)).containsExactly(1, 2, 1, 2, 3, 4);
    memory.copy(100, 102, 4);
    assertThat(memory.readBytes(100, 6)).containsExactly(1, 2, 3, 4, 3, 4);
  }

  @Test
  void onlyTheBudgetIsToBlameIfTheModuleAllowsMore() {
    memory.setBudget(3);
    assertThat(memory.grow(2)).isEqualTo(-1);
    assertThat(memory.refused()).isTrue();
    assertThat(memory.grow(-1)).isEqualTo(-1);
    assertThat(memory.refused()).isFalse();
    assertThat(memory.grow(1)).isEqualTo(PAGES);
    assertThat(memory.refused()).isFalse();
  }

  @Test
  void whoeverIsToEndFindsOutAtTheNextLook() {
    MemoryAccess.checkInterruption(memory);
    memory.end();
    assertThatThrownBy(() -> MemoryAccess.checkInterruption(memory))
        .isInstanceOf(ChicoryInterruptedException.class);
    assertThatThrownBy(() -> memory.fill((byte) 1, 0, PAGE))
        .isInstanceOf(ChicoryInterruptedException.class);
    memory.clearEnd();
    MemoryAccess.checkInterruption(memory);
  }

  @Test
  void everyGlobalHasItsOwnField() {
    for (int i = 0; i < GlobalFields.COUNT; i++) {
      memory.setGlobal(i, 100 + i);
    }
    for (int i = 0; i < GlobalFields.COUNT; i++) {
      assertThat(memory.global(i)).isEqualTo(100 + i);
    }
  }

  @Test
  void equalBlocksOfTwoImagesAreOne() {
    var sharing = new BlockSharing();
    var block = new byte[Image.BLOCK_BYTES];
    block[7] = 1;
    assertThat(sharing.shared(block)).isSameAs(block);
    assertThat(sharing.shared(block.clone())).isSameAs(block);
    assertThat(sharing.shared(new byte[Image.BLOCK_BYTES])).isNotSameAs(block);
  }
}
