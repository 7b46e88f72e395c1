package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;

/**
 * Chicory's memory, kept within a budget. It remembers whether the budget refused the guest's last
 * wish to grow, and looks at the deadline in bulk operations, which contain no other check.
 */
final class BudgetedMemory implements Memory {
  private static final int BULK_BYTES = PAGE_SIZE;

  private final ByteArrayMemory memory;
  private final int modulePages;
  private boolean refused;

  /** The module's initial size must be within the budget. */
  BudgetedMemory(MemoryLimits limits, int budgetPages) {
    this.modulePages = limits.maximumPages();
    this.memory =
        new ByteArrayMemory(
            new MemoryLimits(limits.initialPages(), Math.min(limits.maximumPages(), budgetPages)));
  }

  /** Whether the budget, not the module's own limit, refused the last attempt to grow. */
  boolean refused() {
    return refused;
  }

  @Override
  public int grow(int pages) {
    var before = memory.grow(pages);
    refused = before < 0 && Integer.toUnsignedLong(pages) + memory.pages() <= modulePages;
    return before;
  }

  @Override
  public void fill(byte value, int fromIndex, int toIndex) {
    checkBulk(toIndex - fromIndex);
    memory.fill(value, fromIndex, toIndex);
  }

  @Override
  public void copy(int dest, int src, int size) {
    checkBulk(size);
    memory.copy(dest, src, size);
  }

  @Override
  public void initPassiveSegment(int segmentId, int dest, int offset, int size) {
    checkBulk(size);
    memory.initPassiveSegment(segmentId, dest, offset, size);
  }

  private static void checkBulk(int size) {
    if (size >= BULK_BYTES && Thread.currentThread().isInterrupted()) {
      throw new ChicoryInterruptedException("interrupted in a bulk memory operation");
    }
  }

  // Single-threaded: shared memories are refused, so the default atomics need no real lock.
  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public Object lock(int address) {
    return this;
  }

  @Override
  public int pages() {
    return memory.pages();
  }

  @Override
  public int initialPages() {
    return memory.initialPages();
  }

  @Override
  public int maximumPages() {
    return memory.maximumPages();
  }

  @Override
  public boolean shared() {
    return memory.shared();
  }

  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public int waitOn(int address, int expected, long timeout) {
    return memory.waitOn(address, expected, timeout);
  }

  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public int waitOn(int address, long expected, long timeout) {
    return memory.waitOn(address, expected, timeout);
  }

  @Override
  @SuppressWarnings("removal") // still abstract in Memory
  public int notify(int address, int maxThreads) {
    return memory.notify(address, maxThreads);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] segments) {
    memory.initialize(instance, segments);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] segments, int memoryIndex) {
    memory.initialize(instance, segments, memoryIndex);
  }

  @Override
  public void write(int address, byte[] data, int offset, int size) {
    memory.write(address, data, offset, size);
  }

  @Override
  public byte read(int address) {
    return memory.read(address);
  }

  @Override
  public byte[] readBytes(int address, int length) {
    return memory.readBytes(address, length);
  }

  @Override
  public void writeI32(int address, int data) {
    memory.writeI32(address, data);
  }

  @Override
  public int readInt(int address) {
    return memory.readInt(address);
  }

  @Override
  public void writeLong(int address, long data) {
    memory.writeLong(address, data);
  }

  @Override
  public long readLong(int address) {
    return memory.readLong(address);
  }

  @Override
  public void writeShort(int address, short data) {
    memory.writeShort(address, data);
  }

  @Override
  public short readShort(int address) {
    return memory.readShort(address);
  }

  @Override
  public long readU16(int address) {
    return memory.readU16(address);
  }

  @Override
  public void writeByte(int address, byte data) {
    memory.writeByte(address, data);
  }

  @Override
  public void writeF32(int address, float data) {
    memory.writeF32(address, data);
  }

  @Override
  public long readF32(int address) {
    return memory.readF32(address);
  }

  @Override
  public float readFloat(int address) {
    return memory.readFloat(address);
  }

  @Override
  public void writeF64(int address, double data) {
    memory.writeF64(address, data);
  }

  @Override
  public double readDouble(int address) {
    return memory.readDouble(address);
  }

  @Override
  public long readF64(int address) {
    return memory.readF64(address);
  }

  @Override
  public void zero() {
    memory.zero();
  }

  @Override
  public void drop(int segment) {
    memory.drop(segment);
  }
}
