package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.UninstantiableException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One instance from its making to its end, and what that end was. */
final class ModuleRun {
  static final String START = "_start";

  private final Program program;
  private final Guest guest;
  private final EvaluationBudget budget;
  private final List<BudgetedTable> tables = new ArrayList<>();
  private @Nullable BudgetedMemory memory;

  ModuleRun(Program program, Guest guest, EvaluationBudget budget) {
    this.program = program;
    this.guest = guest;
    this.budget = budget;
  }

  /** Nothing that a guest does, and no error of the engine, leaves this method as an exception. */
  Run toEnd() {
    try {
      instantiate().export(START).apply();
      return exited(0);
    } catch (Stop.Exit e) {
      return exited(e.code());
    } catch (Stop.OverBudget e) {
      return overran(e);
    } catch (OutOfMemoryError e) {
      return overran(
          new Stop.OverBudget(
              Overrun.MEMORY,
              "the process ran out of memory while the policy ran: raise its heap"));
    } catch (RuntimeException | Error e) {
      return crashed(e);
    }
  }

  private Instance instantiate() {
    var values = ImportValues.builder();
    for (var wanted : program.imports()) {
      var function = wanted.function();
      values.addFunction(
          new ImportFunction(
              wanted.module(), wanted.field(), function.type(), function.boundTo(guest)));
    }
    // A start section runs in build(), so the guest's memory is attached when it is made.
    return Instance.builder(program.module())
        .withMachineFactory(program.machines())
        .withMemoryFactory(this::makeMemory)
        .withTableFactory(this::makeTable)
        .withImportValues(values.build())
        .withStart(false)
        .build();
  }

  private Memory makeMemory(MemoryLimits limits) {
    memory = new BudgetedMemory(limits, budget.memoryPages());
    if (program.exportsMemory()) {
      guest.attach(new GuestMemory(memory));
    }
    return memory;
  }

  private TableInstance makeTable(Table table, int initialValue) {
    var made = new BudgetedTable(table, initialValue);
    tables.add(made);
    return made;
  }

  private Run exited(int code) {
    if (code != 0) {
      // A guest that was refused memory ends by its own abort, which would hide the cause.
      var starved = starved();
      if (starved.isPresent()) {
        return overran(starved.get());
      }
    }
    return new Run.Exited(
        code, guest.descriptors().stdout().bytes(), guest.descriptors().stderr().bytes());
  }

  private Run overran(Stop.OverBudget over) {
    return new Run.Overran(over.overrun(), over.message(), guest.descriptors().stderr().bytes());
  }

  private Run crashed(Throwable thrown) {
    if (thrown instanceof ChicoryInterruptedException && guest.deadline().passed()) {
      return overran(guest.over(Overrun.TIME));
    }
    if (Traps.isCallDepth(thrown)) {
      return overran(guest.over(Overrun.CALL_DEPTH));
    }
    var starved = starved();
    if (starved.isPresent()) {
      return overran(starved.get());
    }
    if (thrown instanceof UninstantiableException) {
      return new Run.NotStarted("the module cannot be instantiated: " + Traps.text(thrown));
    }
    return new Run.Trapped(Traps.text(thrown), guest.descriptors().stderr().bytes());
  }

  /** The budget that refused the guest's last wish to grow, if it did. */
  private Optional<Stop.OverBudget> starved() {
    if (memory != null && memory.refused()) {
      return Optional.of(guest.over(Overrun.MEMORY));
    }
    return tables.stream().anyMatch(BudgetedTable::refused)
        ? Optional.of(
            new Stop.OverBudget(
                Overrun.MEMORY,
                "policy exceeded the limit of " + BudgetedTable.MAX_ELEMENTS + " table elements"))
        : Optional.empty();
  }
}
