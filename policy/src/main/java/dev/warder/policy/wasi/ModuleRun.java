package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.UninstantiableException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import org.jspecify.annotations.Nullable;

/** One instance from its making to its end, and what that end was. */
final class ModuleRun {
  static final String START = "_start";

  private final Program program;
  private final Guest guest;
  private final EvaluationBudget budget;
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
      return overran(guest.over(Overrun.MEMORY));
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
        .withTableFactory(BudgetedTable::new)
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

  private Run exited(int code) {
    // A guest that was refused memory ends by its own abort, which would hide the cause.
    return code != 0 && outOfMemory()
        ? overran(guest.over(Overrun.MEMORY))
        : new Run.Exited(
            code, guest.descriptors().stdout().bytes(), guest.descriptors().stderr().bytes());
  }

  private Run overran(Stop.OverBudget over) {
    return new Run.Overran(
        over.overrun(),
        BudgetText.message(over.overrun(), budget),
        guest.descriptors().stderr().bytes());
  }

  private Run crashed(Throwable thrown) {
    if (thrown instanceof ChicoryInterruptedException && guest.deadline().passed()) {
      return overran(guest.over(Overrun.TIME));
    }
    if (Traps.isCallDepth(thrown)) {
      return overran(guest.over(Overrun.CALL_DEPTH));
    }
    if (outOfMemory()) {
      return overran(guest.over(Overrun.MEMORY));
    }
    if (thrown instanceof UninstantiableException) {
      return new Run.NotStarted("the module cannot be instantiated: " + Traps.text(thrown));
    }
    return new Run.Trapped(Traps.text(thrown), guest.descriptors().stderr().bytes());
  }

  private boolean outOfMemory() {
    return memory != null && memory.refused();
  }
}
