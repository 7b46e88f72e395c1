package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.Entry;
import dev.warder.policy.wasi.golang.GoModule;
import dev.warder.policy.wasi.golang.PreinitialisedModule;
import dev.warder.policy.wasi.golang.Snapshot;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Makes of a Go module one that starts where the module first asks its host. */
public final class Preinitialiser {
  private final GoBoot.Conditions conditions;
  private final Duration limit;

  /**
   * One that boots modules in this way.
   *
   * @param limit for the boot of each command, in wall clock time
   */
  public Preinitialiser(GoBoot.Conditions conditions, Duration limit) {
    this.conditions = conditions;
    this.limit = limit;
  }

  /**
   * Writes the pre-initialised module; the same bytes under the same conditions give the same
   * result. Takes seconds per megabyte on a thread of its own, and some twenty times the module's
   * size in heap. Whether the result answers as the module does is still to be proved.
   */
  public Attempt<PreinitialisedModule> preinitialise(byte[] module) {
    var task = new FutureTask<>(() -> preinitialiseNow(module));
    GuestThreads.factory("warder-preinitialise").newThread(task).start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return Attempt.refused("the module's pre-initialisation was interrupted");
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      return Attempt.refused("the module cannot be parsed: " + Traps.text(cause));
    }
  }

  private Attempt<PreinitialisedModule> preinitialiseNow(byte[] module) {
    return GoModule.of(module)
        .then(
            go -> {
              var parsed = Parser.parse(module);
              return entry(parsed, go, Command.VALIDATE)
                  .then(
                      validate ->
                          entry(parsed, go, Command.VALIDATE_SETTINGS)
                              .then(
                                  settings ->
                                      PreinitialisedModule.write(module, validate, settings)));
            });
  }

  private Attempt<Entry> entry(WasmModule parsed, GoModule go, Command command) {
    return snapshot(parsed, go, command)
        .map(snapshot -> new Entry(WasiProcess.argumentBlock(command), snapshot));
  }

  private Attempt<Snapshot> snapshot(WasmModule parsed, GoModule go, Command command) {
    try (var watcher = new DeadlineWatcher()) {
      return watcher
          .within(limit, _ -> new GoBoot(parsed, InterpreterMachine::new, conditions).run(command))
          .then(booted -> go.resume(booted.stop()));
    }
  }
}
