package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.wasm.UninstantiableException;
import dev.warder.policy.wasi.GuestThreads.GuestThread;
import dev.warder.policy.wasi.Program.Origin;
import dev.warder.policy.wasi.machine.LinearMemory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run from its start to its end, and what that end was. */
final class ModuleRun {
  private final Program program;
  private final Beginning beginning;
  private final Optional<InstancePool> pool;
  private final GuestThread thread;
  private final Guest guest;
  private final EvaluationBudget budget;
  private @Nullable LinearMemory memory;
  private @Nullable PooledInstance instance;

  ModuleRun(
      Program program,
      Beginning beginning,
      Optional<InstancePool> pool,
      GuestThread thread,
      Guest guest,
      EvaluationBudget budget) {
    this.program = program;
    this.beginning = beginning;
    this.pool = pool;
    this.thread = thread;
    this.guest = guest;
    this.budget = budget;
  }

  /** Nothing that a guest does, and no error of the engine, leaves this method as an exception. */
  Run toEnd() {
    Run run;
    try {
      run = run();
    } finally {
      // Before the instance is put by: a late interrupt must not hit whoever takes it next.
      thread.leave();
    }
    // Only after an orderly end: whatever else happened, the instance may be in any state.
    if (run instanceof Run.Exited) {
      keep();
    }
    return run;
  }

  private Run run() {
    try {
      var own = obtain();
      instance = own;
      own.live().call(beginning.function());
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

  private PooledInstance obtain() {
    return beginning.origin().map(this::pooled).orElseGet(this::made);
  }

  private PooledInstance pooled(Origin origin) {
    var image = program.image(origin);
    var idle = pool.map(waiting -> waiting.take(image)).orElse(null);
    if (idle == null) {
      var made = made();
      made.live().load(image);
      return made;
    }
    idle.slot().set(guest);
    var own = idle.live().memory();
    if (own != null) {
      own.setBudget(budget.memoryPages());
      attach(own);
    }
    return idle;
  }

  private PooledInstance made() {
    var slot = new GuestSlot();
    slot.set(guest);
    // A start section runs while the instance is made, so the guest has its memory before.
    return new PooledInstance(program.instantiate(slot, budget.memoryPages(), this::attach), slot);
  }

  private void attach(LinearMemory own) {
    memory = own;
    thread.enter(own);
    if (program.exportsMemory()) {
      guest.attach(new GuestMemory(own));
    }
  }

  /** Wipes the instance and puts it by for the next run. */
  private void keep() {
    var used = instance;
    if (used != null && pool.isPresent() && beginning.origin().isPresent()) {
      var image = program.image(beginning.origin().get());
      used.live().restore(image);
      used.slot().clear();
      pool.get().give(image, used);
    }
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
    if (thrown instanceof LinkageError) {
      program.reload();
    }
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
    return instance != null && instance.live().tableRefused()
        ? Optional.of(
            new Stop.OverBudget(
                Overrun.MEMORY,
                "policy exceeded the limit of " + BudgetedTable.MAX_ELEMENTS + " table elements"))
        : Optional.empty();
  }
}
