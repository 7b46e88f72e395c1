package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.Instance;
import dev.warder.policy.wasi.machine.GlobalFields;
import dev.warder.policy.wasi.machine.Image;
import dev.warder.policy.wasi.machine.LinearMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An instance of a module with what a run needs of it. Used by one thread at a time. */
final class LiveInstance {
  private static final long[] NO_ARGUMENTS = {};

  private final Instance instance;
  private final @Nullable LinearMemory memory;
  private final List<BudgetedTable> tables;

  LiveInstance(Instance instance, @Nullable LinearMemory memory, List<BudgetedTable> tables) {
    this.instance = instance;
    this.memory = memory;
    this.tables = tables;
  }

  Instance instance() {
    return instance;
  }

  @Nullable LinearMemory memory() {
    return memory;
  }

  /** Whether the table's fixed size refused the guest's last wish to grow one. */
  boolean tableRefused() {
    return tables.stream().anyMatch(BudgetedTable::refused);
  }

  void call(int function) {
    instance.getMachine().call(function, NO_ARGUMENTS);
  }

  /** Puts the image in place of whatever memory and globals hold. */
  void load(Image image) {
    ownMemory().load(image);
    restoreOtherGlobals(image);
  }

  /** Makes an instance that was used like the image again. */
  void restore(Image image) {
    ownMemory().restore(image);
    restoreOtherGlobals(image);
  }

  /** What all globals hold now, as raw bits. */
  long[] globals() {
    var values = new long[instance.globalCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = instance.global(i).getValue();
    }
    return values;
  }

  private void restoreOtherGlobals(Image image) {
    for (int i = GlobalFields.COUNT; i < image.globalCount(); i++) {
      instance.global(i).setValue(image.global(i));
    }
  }

  private LinearMemory ownMemory() {
    if (memory == null) {
      throw new IllegalStateException("only an instance with a memory has an image");
    }
    return memory;
  }
}
