package dev.warder.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.warder.cli.cases.CaseResult.Outcome;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Runs cases: prepares each pair of a module and settings once, and lets guest threads judge. */
public final class CaseRunner {
  private static final String SETTINGS_REFUSED = "^Policy settings are invalid: ";

  private final Policies policies;
  private final Requests requests;
  private final RecordedHostCalls hostCalls;
  private final EvaluationBudget budget;

  /** Prepares a module, as people name it, with settings. */
  public interface Policies {
    dev.warder.policy.Outcome<PreparedPolicy> prepare(String module, JsonNode settings);
  }

  /** Makes a request for a policy from a document. */
  public interface Requests {
    /**
     * The request.
     *
     * @throws CommandFailedException if it is none
     */
    ValidationRequest request(PreparedPolicy policy, JsonNode document);
  }

  private record Key(String module, JsonNode settings) {}

  public CaseRunner(
      Policies policies, Requests requests, RecordedHostCalls hostCalls, EvaluationBudget budget) {
    this.policies = policies;
    this.requests = requests;
    this.hostCalls = hostCalls;
    this.budget = budget;
  }

  /**
   * All results in the order of the cases.
   *
   * @param module for cases that name none
   */
  public List<CaseResult> run(List<TestCase> cases, String module, int threads)
      throws InterruptedException {
    var prepared = new HashMap<Key, dev.warder.policy.Outcome<PreparedPolicy>>();
    for (var one : cases) {
      prepared.computeIfAbsent(key(one, module), this::prepare);
    }
    try (var guests = Executors.newFixedThreadPool(threads, GuestThreads.factory("test"))) {
      var running = new ArrayList<Future<CaseResult>>();
      for (var one : cases) {
        Callable<CaseResult> task = () -> run(one, key(one, module), prepared);
        running.add(guests.submit(task));
      }
      var results = new ArrayList<CaseResult>();
      for (var result : running) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a case ended with an exception", e.getCause());
    }
  }

  private dev.warder.policy.Outcome<PreparedPolicy> prepare(Key key) {
    try {
      return policies.prepare(key.module, key.settings);
    } catch (CommandFailedException e) {
      // The module is named wrongly; every case that uses it says so.
      return dev.warder.policy.Outcome.failed(
          Reason.ModuleNotFound, String.valueOf(e.getMessage()));
    }
  }

  private static Key key(TestCase one, String module) {
    return new Key(one.module().orElse(module), one.settings().orElse(NullNode.getInstance()));
  }

  private CaseResult run(
      TestCase one, Key key, Map<Key, dev.warder.policy.Outcome<PreparedPolicy>> prepared) {
    return switch (prepared.get(key)) {
      case dev.warder.policy.Outcome.Done<PreparedPolicy>(var policy) -> judge(one, policy);
      case dev.warder.policy.Outcome.Failed<PreparedPolicy>(var failure) -> refused(one, failure);
      case null -> throw new IllegalStateException("a policy was forgotten");
    };
  }

  private static CaseResult refused(TestCase one, Failure failure) {
    if (failure.reason() != Reason.SettingsRejected) {
      return broken(one, failure.reason() + ": " + failure.message());
    }
    var message = failure.message().replaceFirst(SETTINGS_REFUSED, "");
    if (one.expect().settingsRefused()) {
      return result(one, one.expect().problems(message), Duration.ZERO);
    }
    return result(
        one, List.of("the settings were refused: " + Texts.quoted(message)), Duration.ZERO);
  }

  private CaseResult judge(TestCase one, PreparedPolicy policy) {
    if (one.expect().settingsRefused()) {
      return result(one, List.of("the settings were expected to be refused"), Duration.ZERO);
    }
    if (one.request().isEmpty()) {
      return result(one, List.of(), Duration.ZERO);
    }
    try {
      return evaluate(one, policy, requests.request(policy, one.request().get()));
    } catch (CommandFailedException e) {
      return broken(one, String.valueOf(e.getMessage()));
    }
  }

  private CaseResult evaluate(TestCase one, PreparedPolicy policy, ValidationRequest request) {
    Supplier<CaseResult> work =
        () -> {
          var start = System.nanoTime();
          var answer = policy.evaluate(request, budget).response();
          var took = Duration.ofNanos(System.nanoTime() - start);
          return result(one, one.expect().problems(request, answer), took);
        };
    return one.hostCalls().map(record -> hostCalls.replay(record, work)).orElseGet(work);
  }

  private static CaseResult result(TestCase one, List<String> problems, Duration took) {
    return new CaseResult(
        one, problems.isEmpty() ? Outcome.PASSED : Outcome.FAILED, problems, took);
  }

  private static CaseResult broken(TestCase one, String why) {
    return new CaseResult(one, Outcome.BROKEN, List.of(why), Duration.ZERO);
  }
}
