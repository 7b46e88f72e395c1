package dev.warder.policy.wasi;

import org.jspecify.annotations.Nullable;

/** The three descriptors that exist; a guest may close or renumber them, never open one. */
final class Descriptors {
  private static final int COUNT = 3;

  private final GuestInput stdin;
  private final GuestOutput stdout;
  private final GuestOutput stderr;
  private final @Nullable Descriptor[] open = new @Nullable Descriptor[COUNT];

  /** One of the three, with the flags that the guest set on it. */
  static final class Descriptor {
    private final @Nullable GuestInput input;
    private final @Nullable GuestOutput output;
    private int flags;

    private Descriptor(@Nullable GuestInput input, @Nullable GuestOutput output) {
      this.input = input;
      this.output = output;
    }

    @Nullable GuestInput input() {
      return input;
    }

    @Nullable GuestOutput output() {
      return output;
    }

    int flags() {
      return flags;
    }

    void setFlags(int newFlags) {
      flags = newFlags;
    }
  }

  Descriptors(byte[] input, EvaluationBudget budget) {
    stdin = new GuestInput(input);
    stdout = GuestOutput.stdout(budget);
    stderr = GuestOutput.stderr(budget);
    open[0] = new Descriptor(stdin, null);
    open[1] = new Descriptor(null, stdout);
    open[2] = new Descriptor(null, stderr);
  }

  @Nullable Descriptor find(int number) {
    return number >= 0 && number < COUNT ? open[number] : null;
  }

  /** Sets the flags of the first descriptors, as a guest that has run a while has left them. */
  void setFlags(int[] flags) {
    for (int i = 0; i < flags.length; i++) {
      var descriptor = find(i);
      if (descriptor != null) {
        descriptor.setFlags(flags[i]);
      }
    }
  }

  boolean close(int number) {
    if (find(number) == null) {
      return false;
    }
    open[number] = null;
    return true;
  }

  boolean renumber(int from, int to) {
    var moved = find(from);
    if (moved == null || find(to) == null) {
      return false;
    }
    open[from] = null;
    open[to] = moved;
    return true;
  }

  GuestInput stdin() {
    return stdin;
  }

  GuestOutput stdout() {
    return stdout;
  }

  GuestOutput stderr() {
    return stderr;
  }
}
