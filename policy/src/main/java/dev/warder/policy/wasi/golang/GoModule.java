package dev.warder.policy.wasi.golang;

import dev.warder.policy.wasi.golang.Attempt.Refused;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A module with the shape that Go's compiler gives: its stack lies in memory and can be resumed.
 */
public final class GoModule {
  private static final int FRAME_ALIGNMENT = 8;
  private static final int RESUME_BLOCK_BELOW = 8;
  private static final int FUNCTION_BELOW = 6;

  /** Largest number of bytes above the stack pointer that a wrapper reads. */
  private static final int ARGUMENTS_BYTES = 128;

  /** Go keeps the first bytes of memory empty to find wild pointers. */
  static final int EMPTY_BYTES = 4096;

  private final int loopFunction;
  private final List<OptionalInt> wrappers;

  private GoModule(int loopFunction, List<OptionalInt> wrappers) {
    this.loopFunction = loopFunction;
    this.wrappers = wrappers;
  }

  /**
   * Looks at all of the module's code; takes about a second per 100 MB. Whatever the bytes are, it
   * gives the shape or a reason.
   */
  public static Attempt<GoModule> of(byte[] module) {
    try {
      Annotations.check(module);
      var layout = LayoutReader.read(module);
      var loop = LoopFunction.find(module, layout);
      return Attempt.made(new GoModule(loop, ImportWrappers.find(module, layout)));
    } catch (UnsuitableException e) {
      return new Refused<>(e.reason());
    }
  }

  /** What calls functions until the program ends: its number among the functions. */
  public int loopFunction() {
    return loopFunction;
  }

  /** The state that continues by repeating the call at which a boot stopped. */
  public Attempt<Snapshot> resume(BootStop stop) {
    try {
      return Attempt.made(snapshot(stop));
    } catch (UnsuitableException e) {
      return new Refused<>(e.reason());
    }
  }

  private Snapshot snapshot(BootStop stop) throws UnsuitableException {
    var wrapper = wrapper(stop.importFunction());
    if (wrapper.isEmpty()) {
      throw new UnsuitableException(
          "the module's call of import %d cannot be repeated".formatted(stop.importFunction()));
    }
    // A split module has some more, which hold nothing that lasts.
    var globals = Arrays.copyOf(stop.globals(), Globals.count());
    var memory = stop.memory().clone();
    if (stop.globals().length < Globals.count() || memory.length % Snapshot.PAGE_BYTES != 0) {
      throw new UnsuitableException("the module stopped in a state that is not Go's");
    }
    if ((int) globals[Globals.PAUSE] != 0) {
      throw new UnsuitableException("the module stopped while its pause flag was set");
    }
    var stackPointer = Integer.toUnsignedLong((int) globals[Globals.STACK_POINTER]);
    if (stackPointer % FRAME_ALIGNMENT != 0
        || stackPointer < EMPTY_BYTES + FRAME_ALIGNMENT
        || stackPointer > memory.length - ARGUMENTS_BYTES) {
      throw new UnsuitableException("the module stopped with its stack pointer out of place");
    }
    for (int i = 0; i < EMPTY_BYTES; i++) {
      if (memory[i] != 0) {
        throw new UnsuitableException(
            "the module uses the first %d bytes of its memory".formatted(EMPTY_BYTES));
      }
    }
    var at = (int) stackPointer;
    put(memory, at - RESUME_BLOCK_BELOW, 0, Short.BYTES);
    put(memory, at - FUNCTION_BELOW, wrapper.getAsInt(), Integer.BYTES);
    return new Snapshot(loopFunction, memory, globals);
  }

  private OptionalInt wrapper(int importFunction) {
    return importFunction >= 0 && importFunction < wrappers.size()
        ? wrappers.get(importFunction)
        : OptionalInt.empty();
  }

  /** Little-endian. */
  private static void put(byte[] memory, int at, int value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      memory[at + i] = (byte) (value >> (8 * i));
    }
  }
}
