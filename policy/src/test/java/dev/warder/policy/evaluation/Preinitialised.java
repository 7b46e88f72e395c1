package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GoBoot;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.Preinitialiser;
import dev.warder.policy.wasi.Run;
import dev.warder.policy.wasi.WasiEngine;
import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.PreinitialisedModule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** A module before and after pre-initialisation; runs happen on guest threads only. */
record Preinitialised(CompiledModule original, CompiledModule other) {
  private static final EvaluationBudget AMPLE =
      EvaluationBudget.defaults().withTime(Duration.ofMinutes(2));

  static Preinitialised of(WasiEngine engine, byte[] module) {
    return switch (attempt(module)) {
      case Attempt.Made<PreinitialisedModule>(var made) ->
          new Preinitialised(compiled(engine, module), compiled(engine, made.module()));
      case Attempt.Refused<PreinitialisedModule>(var reason) -> throw new AssertionError(reason);
    };
  }

  static Attempt<PreinitialisedModule> attempt(byte[] module) {
    var conditions = new GoBoot.Conditions(new byte[] {1, 2, 3}, Instant.now(), 2048);
    return new Preinitialiser(conditions, Duration.ofMinutes(2)).preinitialise(module);
  }

  /** What the original gave, after both were seen to give the same. */
  Run compare(Command command, String input) {
    var stdin = input.getBytes(StandardCharsets.UTF_8);
    var first = original.run(command, stdin, AMPLE);
    assertThat(Comparison.difference(first, other.run(command, stdin, AMPLE))).as(input).isEmpty();
    return first;
  }

  static void onGuestThread(Runnable task) throws InterruptedException {
    try (var threads = Executors.newSingleThreadExecutor(GuestThreads.factory("differential"))) {
      threads.submit(task).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof AssertionError error ? error : new AssertionError(e);
    }
  }

  private static CompiledModule compiled(WasiEngine engine, byte[] module) {
    return switch (engine.compile(Digest.of(module), module)) {
      case Outcome.Done<CompiledModule>(var compiled) -> compiled;
      case Outcome.Failed<CompiledModule>(var failure) -> throw new AssertionError(failure);
    };
  }
}
