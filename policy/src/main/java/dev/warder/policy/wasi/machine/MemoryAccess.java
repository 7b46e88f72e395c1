package dev.warder.policy.wasi.machine;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.ChicoryException;
import java.nio.ByteOrder;

/**
 * Loads, stores and the poll for an end, as compiled code calls them. Names and order of parameters
 * are those of the compiler's own helpers, which these replace. An effective address has 33 bits;
 * one that is not within the memory is a trap.
 *
 * <p>{@link #at} is the only guard of every access: behind it nothing checks again. It relies on
 * {@link LinearMemory}, where no limit is ever beyond the array. Handles that check by themselves
 * make code so large that the JVM's compilers give up in the middle of a function.
 */
@SuppressWarnings("removal") // docs/decisions/0015
public final class MemoryAccess {
  private static final long UNSIGNED = 0xFFFF_FFFFL;

  private static final sun.misc.Unsafe UNSAFE = unsafe();
  private static final long BASE = sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET;

  private static sun.misc.Unsafe unsafe() {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new ExceptionInInitializerError(
          "WebAssembly's memory is little-endian, so policies run only on machines that are");
    }
    try {
      var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (sun.misc.Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private MemoryAccess() {}

  /** Ends the run if {@link LinearMemory#end} was called. */
  public static void checkInterruption(LinearMemory memory) {
    if (memory.ending) {
      throw new ChicoryInterruptedException("the run was interrupted");
    }
  }

  /** What a place of the table calls; the texts are those of the engine's own tables. */
  public static int function(int index, LinearMemory memory) {
    var functions = memory.functions;
    if (index < 0 || index >= functions.length) {
      throw new ChicoryException("undefined element");
    }
    var function = functions[index];
    if (function < 0) {
      throw new ChicoryException("uninitialized element " + index);
    }
    return function;
  }

  /** The raw bits of a global that has no field. */
  public static long readGlobal(int index, LinearMemory memory) {
    return memory.global(index);
  }

  /** Sets the raw bits of a global that has no field. */
  public static void writeGlobal(long bits, int index, LinearMemory memory) {
    memory.setGlobal(index, bits);
  }

  /** The place in the array. */
  private static long at(int base, int offset, int size, LinearMemory memory) {
    long address = (base & UNSIGNED) + (offset & UNSIGNED);
    if (address > memory.limit - size) {
      throw outOfBounds();
    }
    return BASE + address;
  }

  private static long written(long place, LinearMemory memory) {
    memory.cards[(int) ((place - BASE) >>> LinearMemory.CARD_SHIFT)] = 1;
    return place;
  }

  static WasmRuntimeException outOfBounds() {
    return new WasmRuntimeException("out of bounds memory access");
  }

  public static byte memoryReadByte(int base, int offset, LinearMemory memory) {
    return UNSAFE.getByte(memory.bytes, at(base, offset, Byte.BYTES, memory));
  }

  public static short memoryReadShort(int base, int offset, LinearMemory memory) {
    return UNSAFE.getShort(memory.bytes, at(base, offset, Short.BYTES, memory));
  }

  public static int memoryReadInt(int base, int offset, LinearMemory memory) {
    return UNSAFE.getInt(memory.bytes, at(base, offset, Integer.BYTES, memory));
  }

  public static long memoryReadLong(int base, int offset, LinearMemory memory) {
    return UNSAFE.getLong(memory.bytes, at(base, offset, Long.BYTES, memory));
  }

  public static float memoryReadFloat(int base, int offset, LinearMemory memory) {
    return UNSAFE.getFloat(memory.bytes, at(base, offset, Float.BYTES, memory));
  }

  public static double memoryReadDouble(int base, int offset, LinearMemory memory) {
    return UNSAFE.getDouble(memory.bytes, at(base, offset, Double.BYTES, memory));
  }

  public static void memoryWriteByte(int base, byte value, int offset, LinearMemory memory) {
    UNSAFE.putByte(memory.bytes, written(at(base, offset, Byte.BYTES, memory), memory), value);
  }

  public static void memoryWriteShort(int base, short value, int offset, LinearMemory memory) {
    UNSAFE.putShort(memory.bytes, written(at(base, offset, Short.BYTES, memory), memory), value);
  }

  public static void memoryWriteInt(int base, int value, int offset, LinearMemory memory) {
    UNSAFE.putInt(memory.bytes, written(at(base, offset, Integer.BYTES, memory), memory), value);
  }

  public static void memoryWriteLong(int base, long value, int offset, LinearMemory memory) {
    UNSAFE.putLong(memory.bytes, written(at(base, offset, Long.BYTES, memory), memory), value);
  }

  public static void memoryWriteFloat(int base, float value, int offset, LinearMemory memory) {
    UNSAFE.putFloat(memory.bytes, written(at(base, offset, Float.BYTES, memory), memory), value);
  }

  public static void memoryWriteDouble(int base, double value, int offset, LinearMemory memory) {
    UNSAFE.putDouble(memory.bytes, written(at(base, offset, Double.BYTES, memory), memory), value);
  }
}
