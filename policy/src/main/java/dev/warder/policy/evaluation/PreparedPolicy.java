package dev.warder.policy.evaluation;

import dev.warder.policy.evaluation.PolicyAnswer.Timings;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.host.HostAccess;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.verify.Verification;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.Execution;
import java.util.List;
import java.util.Optional;

/** A policy that was tried and may be served. Safe for concurrent use. */
public final class PreparedPolicy {
  private final CompiledPolicy policy;
  private final HostAccess access;
  private final PolicySettings settings;
  private final RecordedCalls calls;

  /** Only {@link Proving} makes one. */
  PreparedPolicy(ConnectedPolicy policy, PolicySettings settings, RecordedCalls calls) {
    this(policy.compiled(), policy.access(), settings, calls);
  }

  private PreparedPolicy(
      CompiledPolicy policy, HostAccess access, PolicySettings settings, RecordedCalls calls) {
    this.policy = policy;
    this.access = access;
    this.settings = settings;
    this.calls = calls;
  }

  public FetchedModule fetched() {
    return policy.fetched();
  }

  /** Who signed its module; empty if no signature was required. */
  public Optional<Verification> verification() {
    return policy.verification();
  }

  /** The same, with its module verified by other requirements. */
  PreparedPolicy with(Optional<Verification> verification) {
    return new PreparedPolicy(policy.with(verification), access, settings, calls);
  }

  public PolicyMetadata metadata() {
    return policy.metadata();
  }

  public CompiledModule module() {
    return policy.program();
  }

  /** How its evaluations run. */
  public Execution execution() {
    return policy.program().execution();
  }

  public PolicySettings settings() {
    return settings;
  }

  /** What it may ask the host for. */
  public HostAccess access() {
    return access;
  }

  /** What warms it up: made-up requests of the kinds that it is meant for; at least one. */
  public List<Exercise> exercises() {
    return Rehearsal.all(policy.metadata()).stream()
        .map(rehearsal -> new Exercise(policy.program(), rehearsal, settings, calls))
        .toList();
  }

  /** The made-up request that the policy was tried with. */
  public ValidationRequest rehearsalRequest() {
    return Rehearsal.of(metadata()).request();
  }

  /**
   * Judges one request, on the calling thread. Whatever the guest does becomes an answer.
   *
   * @throws IllegalStateException if the thread does not come from {@link
   *     dev.warder.policy.wasi.GuestThreads}
   */
  public PolicyAnswer evaluate(ValidationRequest request, EvaluationBudget budget) {
    var start = System.nanoTime();
    var run =
        policy
            .program()
            .run(
                Command.VALIDATE,
                ValidateInput.of(request, settings),
                budget,
                access.gate(request.uid()));
    var ended = System.nanoTime();
    var verdict = Verdict.of(request, run);
    return verdict.timed(new Timings(ended - start, System.nanoTime() - ended));
  }
}
