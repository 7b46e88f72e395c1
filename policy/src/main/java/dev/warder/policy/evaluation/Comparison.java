package dev.warder.policy.evaluation;

import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Whether another form of a module answers as the module itself does, byte for byte: to its
 * settings, to a made-up request and to given ones.
 */
public final class Comparison {
  private static final int TIMED_RUNS = 50;

  private final CompiledModule original;
  private final CompiledModule other;
  private final EvaluationBudget budget;

  /** Each run of either module gets this budget. */
  public Comparison(CompiledModule original, CompiledModule other, EvaluationBudget budget) {
    this.original = original;
    this.other = other;
    this.budget = budget;
  }

  /**
   * What came out.
   *
   * @param difference what differs, for people; empty if nothing does
   * @param inputs how many inputs both were given
   * @param originalNanos the best time of some validations by the original
   * @param otherNanos the same of the other
   */
  public record Result(
      Optional<String> difference, int inputs, long originalNanos, long otherNanos) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Input(Command command, String title, byte[] stdin) {}

  /** Runs both on a thread of their own. */
  public Result compare(
      PolicyMetadata metadata, PolicySettings settings, List<ValidationRequest> requests) {
    var task = new FutureTask<>(() -> compare(inputs(metadata, settings, requests)));
    GuestThreads.factory("warder-comparison").newThread(task).start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return new Result(Optional.of("the comparison was interrupted"), 0, 0, 0);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the comparison failed", e.getCause());
    }
  }

  private static List<Input> inputs(
      PolicyMetadata metadata, PolicySettings settings, List<ValidationRequest> requests) {
    var inputs = new ArrayList<Input>();
    inputs.add(new Input(Command.VALIDATE_SETTINGS, "the settings", settings.json()));
    var rehearsal = Rehearsal.of(metadata);
    inputs.add(validate(rehearsal.title(), rehearsal.request(), settings));
    for (int i = 0; i < requests.size(); i++) {
      inputs.add(validate("request " + (i + 1), requests.get(i), settings));
    }
    return inputs;
  }

  private static Input validate(String title, ValidationRequest request, PolicySettings settings) {
    return new Input(Command.VALIDATE, title, ValidateInput.of(request, settings));
  }

  private Result compare(List<Input> inputs) {
    for (var input : inputs) {
      var difference = difference(run(original, input), run(other, input));
      if (difference.isPresent()) {
        return new Result(
            difference.map(text -> "with " + input.title() + " " + text), inputs.size(), 0, 0);
      }
    }
    return timed(inputs);
  }

  /** In turns, so that whatever else the machine does hits both. */
  private Result timed(List<Input> inputs) {
    var bestOriginal = Long.MAX_VALUE;
    var bestOther = Long.MAX_VALUE;
    for (int i = 0; i < TIMED_RUNS; i++) {
      bestOriginal = Math.min(bestOriginal, time(original, inputs.getLast()));
      bestOther = Math.min(bestOther, time(other, inputs.getLast()));
    }
    return new Result(Optional.empty(), inputs.size(), bestOriginal, bestOther);
  }

  private Run run(CompiledModule module, Input input) {
    return module.run(input.command(), input.stdin(), budget);
  }

  private long time(CompiledModule module, Input input) {
    var start = System.nanoTime();
    run(module, input);
    return System.nanoTime() - start;
  }

  /** How the second run differs from the first; only runs that came to their end are alike. */
  static Optional<String> difference(Run first, Run second) {
    if (!(first instanceof Run.Exited one)) {
      return Optional.of("the module itself " + text(first));
    }
    if (!(second instanceof Run.Exited two)) {
      return Optional.of("it " + text(second) + ", unlike the module itself");
    }
    if (one.code() != two.code()) {
      return Optional.of("its exit code is %d instead of %d".formatted(two.code(), one.code()));
    }
    if (!Arrays.equals(one.stdout(), two.stdout())) {
      return Optional.of("its standard output is another");
    }
    return Arrays.equals(one.stderr(), two.stderr())
        ? Optional.empty()
        : Optional.of("its standard error is another");
  }

  private static String text(Run run) {
    return switch (run) {
      case Run.Exited exited -> "exits with " + exited.code();
      case Run.Trapped trapped -> "crashes (" + trapped.trap() + ")";
      case Run.Overran overran -> "is stopped (" + overran.message() + ")";
      case Run.NotStarted notStarted -> "does not start (" + notStarted.message() + ")";
    };
  }
}
