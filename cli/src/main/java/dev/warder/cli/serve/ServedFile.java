package dev.warder.cli.serve;

import dev.warder.cli.serve.Entry.Wanted;
import dev.warder.cli.serve.PolicyReport.State;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.host.HostAccess;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.VerificationLoss;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import dev.warder.webhook.registry.Unserved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the entries of the file into what the registry serves: one swap for all of them. Not
 * thread-safe; the preparations run on threads of its own.
 */
final class ServedFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServedFile.class);

  /** Each holds a module in memory while it waits for the compiler. */
  private static final int MAX_AT_ONCE = 4;

  private final PolicyRegistry registry;
  private final PolicyPreparer preparer;
  private final EvaluationBudget budget;
  private final VerificationLoss onLoss;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          MAX_AT_ONCE, Thread.ofPlatform().daemon().name("prepare-", 0).factory());
  private final Map<PolicyId, Current> current = new HashMap<>();
  private final Map<Wanted, Failure> hopeless = new ConcurrentHashMap<>();
  private volatile List<PolicyReport> last = List.of();
  private Requirement requirement;
  private boolean mayYetSucceed;
  private long generation;

  /** How a preparation ended. */
  private record Prepared(Outcome<PreparedPolicy> outcome, Duration time) {}

  ServedFile(
      PolicyRegistry registry,
      PolicyPreparer preparer,
      EvaluationBudget budget,
      Requirement requirement,
      VerificationLoss onLoss) {
    this.requirement = requirement;
    this.onLoss = onLoss;
    this.registry = registry;
    this.preparer = preparer;
    this.budget = budget;
  }

  /** From the next {@link #serve} on, modules need to pass this, those that are served too. */
  void require(Requirement now) {
    requirement = now;
  }

  /** Whether something that failed may succeed with nothing changed here. */
  boolean mayYetSucceed() {
    return mayYetSucceed;
  }

  /** Requests for these policies are put off until they are prepared. */
  void announce(List<Entry> entries) {
    var preparing = new HashMap<PolicyId, Unserved>();
    for (var entry : entries) {
      PolicyId.parse(entry.id()).ifPresent(id -> preparing.put(id, new Unserved.Preparing()));
    }
    registry.replace(Map.of(), preparing);
  }

  /** What failed for good is tried again by the next {@link #serve}. */
  void forgetFailures() {
    hopeless.clear();
  }

  /**
   * Prepares what is new or has changed, and then serves all entries and nothing else. A policy
   * whose new form fails goes on in its former one.
   *
   * @throws InterruptedException if the server is being closed; nothing has changed then
   */
  List<PolicyReport> serve(List<Entry> entries) throws InterruptedException {
    generation++;
    var preparations = prepare(entries);
    var reports = new ArrayList<PolicyReport>();
    var unserved = new HashMap<PolicyId, Unserved>();
    var next = new HashMap<PolicyId, Current>();
    for (var entry : entries) {
      var report =
          switch (entry) {
            case Entry.Refused(var id, var failure) ->
                failed(id, Optional.empty(), Duration.ZERO, failure);
            case Entry.Policy policy -> {
              var prepared = await(Objects.requireNonNull(preparations.get(policy.policyId())));
              yield switch (prepared.outcome()) {
                case Outcome.Done<PreparedPolicy>(var done) -> {
                  next.put(policy.policyId(), accepted(policy, done));
                  yield report(policy, State.SERVED, prepared.time(), Optional.empty());
                }
                case Outcome.Failed<PreparedPolicy>(var failure) -> {
                  if (!failure.retryable()) {
                    hopeless.put(policy.wanted(), failure);
                  }
                  yield failed(policy.id(), Optional.of(policy), prepared.time(), failure);
                }
              };
            }
          };
      PolicyId.parse(report.id()).ifPresent(id -> keep(id, report, next, unserved));
      reports.add(report);
    }
    verifyAgain(next);
    swap(next, unserved);
    mayYetSucceed =
        Stream.concat(
                reports.stream().flatMap(report -> report.failure().stream()),
                next.values().stream().flatMap(one -> one.loss().stream()))
            .anyMatch(Failure::retryable);
    last = reports.stream().map(this::withLoss).toList();
    return last;
  }

  /** What became of each policy when it was last tried to serve them. Any thread may call. */
  List<PolicyReport> reports() {
    return last;
  }

  private void swap(Map<PolicyId, Current> next, Map<PolicyId, Unserved> unserved) {
    var served = new HashMap<PolicyId, ServedPolicy>();
    next.forEach(
        (id, now) -> {
          if (now.suspended()) {
            unserved.put(id, new Unserved.Suspended(refusal(id, now.loss().orElseThrow())));
          } else {
            served.put(id, now.policy());
          }
        });
    registry.replace(served, unserved);
    letGo(next);
    current.clear();
    current.putAll(next);
  }

  /** What is served and was accepted by other requirements is judged again meanwhile. */
  private void verifyAgain(Map<PolicyId, Current> next) throws InterruptedException {
    var verifications = new HashMap<PolicyId, Future<Prepared>>();
    next.forEach(
        (id, one) -> {
          if (one.isToBeVerified(requirement)) {
            var prepared = one.policy().prepared();
            verifications.put(
                id,
                threads.submit(
                    () ->
                        new Prepared(preparer.verifyAgain(prepared, requirement), Duration.ZERO)));
          }
        });
    for (var verification : verifications.entrySet()) {
      var id = verification.getKey();
      var before = Objects.requireNonNull(next.get(id));
      next.put(
          id,
          switch (await(verification.getValue()).outcome()) {
            case Outcome.Done<PreparedPolicy>(var passed) -> before.passed(passed, requirement);
            case Outcome.Failed<PreparedPolicy>(var failure) -> {
              LOG.error("{}: {}: {}", id.value(), failure.reason(), failure.message());
              yield before.lost(failure, requirement, onLoss);
            }
          });
    }
  }

  private PolicyReport withLoss(PolicyReport report) {
    return PolicyId.parse(report.id())
        .map(current::get)
        .flatMap(
            one ->
                one.loss()
                    .filter(_ -> one.suspended() || report.state() == State.SERVED)
                    .map(
                        loss ->
                            report.with(
                                one.suspended() ? State.SUSPENDED : State.UNVERIFIED, loss)))
        .orElse(report);
  }

  private Current accepted(Entry.Policy policy, PreparedPolicy prepared) {
    var before = current.get(policy.policyId());
    var served = served(policy, prepared);
    return before != null && before.policy().prepared() == prepared
        ? before.with(served)
        : Current.accepted(policy.wanted(), served, requirement);
  }

  /** What policies that are served no longer read of the cluster need not be kept. */
  private void letGo(Map<PolicyId, Current> next) {
    var kept = next.values().stream().map(one -> one.policy().prepared().access()).toList();
    current.values().stream()
        .map(one -> one.policy().prepared().access())
        .filter(access -> !kept.contains(access))
        .forEach(HostAccess::close);
  }

  private void keep(
      PolicyId id,
      PolicyReport report,
      Map<PolicyId, Current> next,
      Map<PolicyId, Unserved> unserved) {
    var former = current.get(id);
    if (report.state() == State.FORMER && former != null) {
      next.put(id, former);
    } else {
      report
          .failure()
          .ifPresent(failure -> unserved.put(id, new Unserved.Refused(refusal(id, failure))));
    }
  }

  /** The words of policy-server. */
  private static String refusal(PolicyId id, Failure failure) {
    return failure.reason() == Reason.SettingsRejected
        ? failure.message()
        : "bootstrap failure: %s: %s: %s".formatted(id, failure.reason(), failure.message());
  }

  private Map<PolicyId, Future<Prepared>> prepare(List<Entry> entries) {
    var preparations = new LinkedHashMap<PolicyId, Future<Prepared>>();
    for (var entry : entries) {
      if (entry instanceof Entry.Policy policy) {
        preparations.put(policy.policyId(), threads.submit(() -> prepare(policy)));
      }
    }
    return preparations;
  }

  private Prepared prepare(Entry.Policy policy) {
    var before = current.get(policy.policyId());
    if (before != null && before.wanted().equals(policy.wanted())) {
      return new Prepared(Outcome.done(before.policy().prepared()), Duration.ZERO);
    }
    var known = hopeless.get(policy.wanted());
    if (known != null) {
      return new Prepared(new Outcome.Failed<>(known), Duration.ZERO);
    }
    var begin = System.nanoTime();
    var request =
        new PreparationRequest(
            policy.wanted().module(),
            policy.wanted().settings(),
            budget(policy.wanted()),
            Optional.empty(),
            requirement,
            policy.id(),
            policy.wanted().grants());
    var outcome = preparer.prepare(request, step -> LOG.info("{}: {}", policy.id(), step));
    var time = Duration.ofNanos(System.nanoTime() - begin);
    switch (outcome) {
      case Outcome.Done<PreparedPolicy> _ -> {
        LOG.info("{}: ready after {}", policy.id(), Report.seconds(time));
      }
      case Outcome.Failed<PreparedPolicy>(var failure) ->
          LOG.error("{}: {}: {}", policy.id(), failure.reason(), failure.message());
    }
    return new Prepared(outcome, time);
  }

  private ServedPolicy served(Entry.Policy policy, PreparedPolicy prepared) {
    return new ServedPolicy(
        policy.policyId(), generation, prepared, policy.rules(), budget(policy.wanted()));
  }

  private EvaluationBudget budget(Wanted wanted) {
    return wanted.timeout().map(budget::withTime).orElse(budget);
  }

  private PolicyReport failed(
      String id, Optional<Entry.Policy> policy, Duration time, Failure failure) {
    var former = PolicyId.parse(id).map(current::containsKey).orElse(false);
    if (former) {
      LOG.warn("{}: its new form failed, so the former one is still served", id);
    }
    var state = former ? State.FORMER : State.FAILED;
    return policy
        .map(known -> report(known, state, time, Optional.of(failure)))
        .orElseGet(
            () -> {
              LOG.error("{}: {}: {}", id, failure.reason(), failure.message());
              return new PolicyReport(
                  id, state, Optional.empty(), Optional.empty(), time, Optional.of(failure));
            });
  }

  private static PolicyReport report(
      Entry.Policy policy, State state, Duration time, Optional<Failure> failure) {
    return new PolicyReport(
        policy.id(),
        state,
        Optional.of(policy.rules().mode().label()),
        Optional.of(policy.wanted().module()),
        time,
        failure);
  }

  private static Prepared await(Future<Prepared> preparation) throws InterruptedException {
    try {
      return preparation.get();
    } catch (ExecutionException e) {
      // What a preparation throws is beyond it, such as a lack of memory.
      LOG.error("a preparation failed", e.getCause());
      return new Prepared(
          Outcome.failed(
              Reason.InternalError,
              "The preparation failed unexpectedly (" + e.getCause() + "); see the log."),
          Duration.ZERO);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
