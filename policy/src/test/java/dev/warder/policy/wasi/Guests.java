package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine and one guest thread, on which every run of a test happens. */
final class Guests implements AutoCloseable {
  /** So much time that only a broken engine uses it up. */
  static final EvaluationBudget AMPLE = EvaluationBudget.defaults().withTime(Duration.ofMinutes(2));

  /** For what is meant to use up its time. */
  static final EvaluationBudget BRIEF =
      EvaluationBudget.defaults().withTime(Duration.ofMillis(200));

  private final WasiEngine engine = new WasiEngine();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(GuestThreads.factory("test-guest"));

  WasiEngine engine() {
    return engine;
  }

  CompiledModule compiled(byte[] module) {
    return switch (engine.compile(Digest.of(module), module)) {
      case Outcome.Done<CompiledModule>(var compiled) -> compiled;
      case Outcome.Failed<CompiledModule>(var failure) -> throw new AssertionError(failure);
    };
  }

  Failure refused(byte[] module) {
    return switch (engine.compile(Digest.of(module), module)) {
      case Outcome.Done<CompiledModule> _ -> throw new AssertionError("it was compiled");
      case Outcome.Failed<CompiledModule>(var failure) -> failure;
    };
  }

  /** Runs on the guest thread, and checks that the thread is fit for the next one. */
  Run validate(CompiledModule module, byte[] input, EvaluationBudget budget) {
    return run(module, Command.VALIDATE, input, budget);
  }

  Run run(CompiledModule module, Command command, byte[] input, EvaluationBudget budget) {
    return onGuestThread(
        () -> {
          var run = module.run(command, input, budget);
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          return run;
        });
  }

  <T> T onGuestThread(Callable<T> task) {
    try {
      return thread.submit(task).get();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError("the guest thread threw", e.getCause());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    engine.close();
  }
}
