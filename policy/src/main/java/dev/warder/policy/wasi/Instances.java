package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.GlobalInstance;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import dev.warder.policy.wasi.machine.FieldGlobal;
import dev.warder.policy.wasi.machine.GlobalFields;
import dev.warder.policy.wasi.machine.LinearMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes instances of one module.
 *
 * @param machines makes the machine of one instance; shared by all
 */
record Instances(WasmModule module, Function<Instance, Machine> machines) {

  /**
   * Makes one, and runs its start function if it has one.
   *
   * @param onMemory hears of the memory before any code runs
   */
  LiveInstance make(ImportValues imports, int budgetPages, Consumer<LinearMemory> onMemory) {
    return new Making(budgetPages, onMemory).make(imports);
  }

  private final class Making {
    private final int budgetPages;
    private final Consumer<LinearMemory> onMemory;
    private final List<BudgetedTable> tables = new ArrayList<>();
    private @Nullable LinearMemory memory;
    private int globals;

    Making(int budgetPages, Consumer<LinearMemory> onMemory) {
      this.budgetPages = budgetPages;
      this.onMemory = onMemory;
    }

    LiveInstance make(ImportValues imports) {
      var instance =
          Instance.builder(module)
              .withMachineFactory(machines)
              .withMemoryFactory(
                  limits -> {
                    var made = new LinearMemory(limits, budgetPages);
                    memory = made;
                    onMemory.accept(made);
                    return made;
                  })
              .withTableFactory(
                  (table, initialValue) -> {
                    var made = new BudgetedTable(table, initialValue);
                    tables.add(made);
                    return made;
                  })
              .withGlobalFactory(
                  (value, high, type, mutability) -> {
                    // Globals are made in the order of their indices.
                    var index = globals++;
                    return memory != null && index < GlobalFields.COUNT && type.isNumeric()
                        ? new FieldGlobal(memory, index, value, type, mutability)
                        : new GlobalInstance(value, high, type, mutability);
                  })
              .withImportValues(imports)
              .withStart(false)
              .build();
      if (memory != null && tables.size() == 1) {
        var table = tables.getFirst();
        memory.setFunctions(IntStream.range(0, table.size()).map(table::ref).toArray());
      }
      return new LiveInstance(instance, memory, List.copyOf(tables));
    }
  }
}
