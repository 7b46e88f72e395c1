package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.warder.policy.wasi.machine.LinearMemory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Calls every host function once. A guest may call one for the first time at the very end of its
 * stack; a class whose initialisation overflows there would stay broken for the whole process.
 */
final class HostWarmUp {
  private static final int VECTOR_AT = 1024;
  private static final int TEXT_AT = 2048;
  private static final int RESULT_AT = 4096;
  private static final int TEXT_BYTES = 16;
  private static final int SLEEP_AT = 8192;
  private static final int SLEEP_NANOS = 1000;
  private static final int MAX_PARAMETERS = 16;

  private final HostFunctions functions;
  private final Guest guest;

  private HostWarmUp(HostFunctions functions) {
    this.functions = functions;
    var budget = EvaluationBudget.defaults().withTime(Duration.ofMinutes(1));
    this.guest =
        new Guest(
            Command.VALIDATE,
            "{}".getBytes(StandardCharsets.UTF_8),
            budget,
            new Deadline(budget.time()),
            HostCallGate.closed());
    var memory = new GuestMemory(new LinearMemory(new MemoryLimits(1, 1), 1));
    memory.writeInt(VECTOR_AT, TEXT_AT);
    memory.writeInt(VECTOR_AT + Integer.BYTES, TEXT_BYTES);
    memory.writeInt(SLEEP_AT + 16, 1);
    memory.writeLong(SLEEP_AT + 24, SLEEP_NANOS);
    guest.attach(memory);
  }

  /** Needs the stack that guests have, which the caller may not. */
  static void run(HostFunctions functions) {
    var threads = GuestThreads.factory("host-warm-up");
    CompletableFuture.runAsync(
            () -> new HostWarmUp(functions).callAll(), task -> threads.newThread(task).start())
        .join();
  }

  private void callAll() {
    call("wasi_snapshot_preview1", "fd_read", 0, VECTOR_AT, 1, RESULT_AT);
    call("wasi_snapshot_preview1", "fd_write", 1, VECTOR_AT, 1, RESULT_AT);
    call("wasi_snapshot_preview1", "fd_write", 1, -1, 1, RESULT_AT);
    call("wasi_snapshot_preview1", "random_get", TEXT_AT, TEXT_BYTES);
    call("wasi_snapshot_preview1", "poll_oneoff", SLEEP_AT, RESULT_AT, 1, VECTOR_AT);
    call("host", "call", TEXT_AT, 2, TEXT_AT, 2, TEXT_AT, 2, TEXT_AT, TEXT_BYTES);
    for (var overrun : Overrun.values()) {
      BudgetText.over(overrun, EvaluationBudget.defaults());
    }
    functions
        .all()
        .forEach(
            (module, fields) ->
                fields.keySet().forEach(field -> call(module, field, new long[MAX_PARAMETERS])));
  }

  private void call(String module, String field, long... args) {
    var function = functions.find(module, field);
    if (function == null) {
      throw new IllegalStateException("no host function " + module + "." + field);
    }
    try {
      function.body().call(guest, args);
    } catch (Stop expected) {
      // Exits and traps are what some functions are for.
      return;
    }
  }
}
