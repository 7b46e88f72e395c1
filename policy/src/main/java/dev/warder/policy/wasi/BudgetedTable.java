package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;

/**
 * A table that cannot outgrow a fixed size. It has limits of its own: Chicory's grow changes the
 * limits object, which all instances of a module would share.
 */
final class BudgetedTable extends TableInstance {
  /** Elements; Go's largest policies have some 100,000 functions. */
  static final int MAX_ELEMENTS = 1_000_000;

  private boolean refused;

  BudgetedTable(Table table, int initialValue) {
    super(
        new Table(
            table.elementType(),
            new TableLimits(table.limits().min(), Math.min(table.limits().max(), MAX_ELEMENTS)),
            table.initialize()),
        initialValue);
  }

  /** Whether the fixed size refused the last attempt to grow. */
  boolean refused() {
    return refused;
  }

  @Override
  public int grow(int size, int value, Instance instance) {
    checkInterruption();
    refused = size < 0 || size > MAX_ELEMENTS - size();
    return refused ? -1 : super.grow(size, value, instance);
  }

  @Override
  public void setRef(int index, int value, Instance instance) {
    // A bulk operation sets every element, and nothing else in it looks at the deadline.
    checkInterruption();
    super.setRef(index, value, instance);
  }

  private static void checkInterruption() {
    if (Thread.currentThread().isInterrupted()) {
      throw new ChicoryInterruptedException("interrupted in a table operation");
    }
  }
}
