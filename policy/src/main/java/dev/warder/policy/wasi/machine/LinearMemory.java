package dev.warder.policy.wasi.machine;

import com.dylibso.chicory.runtime.ConstantEvaluators;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.UninstantiableException;
import com.dylibso.chicory.wasm.types.ActiveDataSegment;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.PassiveDataSegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One instance's memory: a flat array, and a card for every KiB that was written to since it was
 * last equal to its image. Every write marks its card, so that {@link #restore} copies back only
 * what an evaluation changed. Not safe for concurrent use, but for {@link #end}.
 */
public final class LinearMemory extends GlobalFields implements Memory {
  static final int CARD_SHIFT = 10;
  private static final int CARD_BYTES = 1 << CARD_SHIFT;

  /** A write marks the card of its first byte; its other bytes may lie in the next one. */
  private static final int SPILL_BYTES = Long.BYTES;

  private static final int BULK_BYTES = PAGE_SIZE;
  private static final int CARDS_PER_WORD = Long.BYTES;
  private static final DataSegment[] NO_SEGMENTS = {};
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int initialPages;
  private final int modulePages;
  private int maximumPages;
  private boolean refused;
  private DataSegment[] segments = NO_SEGMENTS;

  /** At least {@link #limit} bytes; those behind it are zero. */
  byte[] bytes;

  byte[] cards;

  /** Bytes that exist for the guest; set by {@link #setLimit} only. */
  long limit;

  /** The instance's only table, if it never changes; see {@link MemoryAccess#function}. */
  int[] functions = {};

  /** Whether the run shall end; see {@link MemoryAccess#checkInterruption}. */
  volatile boolean ending;

  /** The module's initial size must be within the budget. */
  public LinearMemory(MemoryLimits limits, int budgetPages) {
    this.initialPages = limits.initialPages();
    this.modulePages = limits.maximumPages();
    this.bytes = new byte[initialPages * PAGE_SIZE];
    this.cards = new byte[bytes.length >>> CARD_SHIFT];
    setLimit(bytes.length);
    setBudget(budgetPages);
  }

  /** Sets to what size the guest may let it grow; the module's own limit holds as well. */
  public void setBudget(int pages) {
    maximumPages = Math.min(modulePages, pages);
    refused = false;
  }

  /** Sets the functions of the instance's only table; negative numbers are empty places. */
  public void setFunctions(int[] table) {
    functions = table;
  }

  /** Whether the budget, not the module's own limit, refused the last attempt to grow. */
  public boolean refused() {
    return refused;
  }

  /** Ends the run at its next call or loop; from any thread. */
  public void end() {
    ending = true;
  }

  /** Takes an earlier {@link #end} back. */
  public void clearEnd() {
    ending = false;
  }

  /** The memory's bytes now. */
  public byte[] content() {
    return Arrays.copyOf(bytes, (int) limit);
  }

  /** Bytes of heap that it takes. */
  public long heldBytes() {
    return (long) bytes.length + cards.length;
  }

  /** Makes memory and field globals equal to the image, whatever they were. */
  public void load(Image image) {
    reserve(image.pages() * PAGE_SIZE);
    Arrays.fill(cards, (byte) 1);
    restore(image);
  }

  /** Makes memory and field globals equal to the image, from which only marked cards differ. */
  public void restore(Image image) {
    for (int word = 0; word < cards.length; word += CARDS_PER_WORD) {
      if ((long) WORDS.get(cards, word) != 0) {
        restoreCards(image, word);
      }
    }
    setLimit((long) image.pages() * PAGE_SIZE);
    for (int i = 0; i < Math.min(COUNT, image.globalCount()); i++) {
      setGlobal(i, image.global(i));
    }
  }

  private void restoreCards(Image image, int word) {
    for (int card = word; card < word + CARDS_PER_WORD; card++) {
      if (cards[card] != 0) {
        cards[card] = 0;
        var start = card << CARD_SHIFT;
        image.copyTo(bytes, start, CARD_BYTES);
        if (start + CARD_BYTES < bytes.length) {
          image.copyTo(bytes, start + CARD_BYTES, SPILL_BYTES);
        }
      }
    }
  }

  /** Whether memory and field globals are as in the image, by looking at all of them. */
  public boolean equalTo(Image image) {
    for (int i = 0; i < Math.min(COUNT, image.globalCount()); i++) {
      if (global(i) != image.global(i)) {
        return false;
      }
    }
    return limit == (long) image.pages() * PAGE_SIZE && image.equalAt(bytes, 0, bytes.length);
  }

  /** What is not within the array must never be reached: {@link MemoryAccess} checks no further. */
  private void setLimit(long wanted) {
    if (wanted > bytes.length) {
      throw new IllegalStateException(
          "a limit of %d bytes is beyond the %d that there are".formatted(wanted, bytes.length));
    }
    limit = wanted;
  }

  private void reserve(int size) {
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, size);
      cards = Arrays.copyOf(cards, size >>> CARD_SHIFT);
    }
  }

  @Override
  public int grow(int pages) {
    var before = pages();
    var after = Integer.toUnsignedLong(pages) + before;
    if (after > maximumPages) {
      refused = after <= modulePages;
      return -1;
    }
    refused = false;
    if (after * PAGE_SIZE > bytes.length) {
      // Some more than was asked for, or a guest that grows page by page would copy without end.
      reserve((int) Math.min(after + after / 4, maximumPages) * PAGE_SIZE);
    }
    setLimit(after * PAGE_SIZE);
    return before;
  }

  private int range(int address, int size) {
    var start = Integer.toUnsignedLong(address);
    if (start + Integer.toUnsignedLong(size) > limit) {
      throw MemoryAccess.outOfBounds();
    }
    return address;
  }

  /** Marks a range before any of it is written. */
  private void mark(int address, int size) {
    if (size > 0) {
      Arrays.fill(
          cards, address >>> CARD_SHIFT, ((address + size - 1) >>> CARD_SHIFT) + 1, (byte) 1);
    }
  }

  private void checkBulk(int size) {
    if (size < 0 || size >= BULK_BYTES) {
      MemoryAccess.checkInterruption(this);
    }
  }

  @Override
  public void fill(byte value, int fromIndex, int toIndex) {
    var size = toIndex - fromIndex;
    checkBulk(size);
    range(fromIndex, size);
    mark(fromIndex, size);
    Arrays.fill(bytes, fromIndex, toIndex, value);
  }

  @Override
  public void copy(int dest, int src, int size) {
    checkBulk(size);
    range(src, size);
    range(dest, size);
    mark(dest, size);
    System.arraycopy(bytes, src, bytes, dest, size);
  }

  @Override
  public void write(int address, byte[] data, int offset, int size) {
    range(address, size);
    mark(address, size);
    System.arraycopy(data, offset, bytes, address, size);
  }

  @Override
  public byte[] readBytes(int address, int length) {
    range(address, length);
    return Arrays.copyOfRange(bytes, address, address + length);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments) {
    initialize(instance, dataSegments, 0);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments, int memoryIndex) {
    // Dropping a segment must not drop it for other instances.
    segments = dataSegments.clone();
    for (var segment : dataSegments) {
      if (segment instanceof ActiveDataSegment active) {
        var offset =
            (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
        var data = active.data();
        if (Integer.toUnsignedLong(offset) + data.length > limit) {
          throw new UninstantiableException("out of bounds memory access");
        }
        write(offset, data, 0, data.length);
      }
    }
  }

  @Override
  public void initPassiveSegment(int segmentId, int dest, int offset, int size) {
    checkBulk(size);
    var data = segments[segmentId].data();
    if (Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(size) > data.length) {
      throw MemoryAccess.outOfBounds();
    }
    write(dest, data, offset, size);
  }

  @Override
  public void drop(int segment) {
    segments[segment] = PassiveDataSegment.EMPTY;
  }

  @Override
  public int pages() {
    return (int) (limit / PAGE_SIZE);
  }

  @Override
  public int initialPages() {
    return initialPages;
  }

  @Override
  public int maximumPages() {
    return maximumPages;
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public void zero() {
    // Made of zeros, and called once, before anything is written.
  }

  // Single-threaded: shared memories are refused, so the default atomics need no real lock.
  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public Object lock(int address) {
    return this;
  }

  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public int waitOn(int address, int expected, long timeout) {
    throw new WasmRuntimeException("expected shared memory");
  }

  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public int waitOn(int address, long expected, long timeout) {
    throw new WasmRuntimeException("expected shared memory");
  }

  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public int notify(int address, int maxThreads) {
    return 0;
  }

  @Override
  public byte read(int address) {
    return MemoryAccess.memoryReadByte(address, 0, this);
  }

  @Override
  public int readInt(int address) {
    return MemoryAccess.memoryReadInt(address, 0, this);
  }

  @Override
  public long readLong(int address) {
    return MemoryAccess.memoryReadLong(address, 0, this);
  }

  @Override
  public short readShort(int address) {
    return MemoryAccess.memoryReadShort(address, 0, this);
  }

  @Override
  public long readU16(int address) {
    return Short.toUnsignedLong(readShort(address));
  }

  @Override
  public long readF32(int address) {
    return Integer.toUnsignedLong(readInt(address));
  }

  @Override
  public float readFloat(int address) {
    return MemoryAccess.memoryReadFloat(address, 0, this);
  }

  @Override
  public double readDouble(int address) {
    return MemoryAccess.memoryReadDouble(address, 0, this);
  }

  @Override
  public long readF64(int address) {
    return readLong(address);
  }

  @Override
  public void writeI32(int address, int data) {
    MemoryAccess.memoryWriteInt(address, data, 0, this);
  }

  @Override
  public void writeLong(int address, long data) {
    MemoryAccess.memoryWriteLong(address, data, 0, this);
  }

  @Override
  public void writeShort(int address, short data) {
    MemoryAccess.memoryWriteShort(address, data, 0, this);
  }

  @Override
  public void writeByte(int address, byte data) {
    MemoryAccess.memoryWriteByte(address, data, 0, this);
  }

  @Override
  public void writeF32(int address, float data) {
    MemoryAccess.memoryWriteFloat(address, data, 0, this);
  }

  @Override
  public void writeF64(int address, double data) {
    MemoryAccess.memoryWriteDouble(address, data, 0, this);
  }
}
