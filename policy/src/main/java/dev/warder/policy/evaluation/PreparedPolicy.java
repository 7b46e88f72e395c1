package dev.warder.policy.evaluation;

import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;

/** A policy that was tried and may be served. Safe for concurrent use. */
public final class PreparedPolicy {
  private final FetchedModule fetched;
  private final PolicyMetadata metadata;
  private final CompiledModule module;
  private final PolicySettings settings;

  PreparedPolicy(
      FetchedModule fetched,
      PolicyMetadata metadata,
      CompiledModule module,
      PolicySettings settings) {
    this.fetched = fetched;
    this.metadata = metadata;
    this.module = module;
    this.settings = settings;
  }

  public FetchedModule fetched() {
    return fetched;
  }

  public PolicyMetadata metadata() {
    return metadata;
  }

  public CompiledModule module() {
    return module;
  }

  public PolicySettings settings() {
    return settings;
  }

  /**
   * Judges one request, on the calling thread. Whatever the guest does becomes an answer.
   *
   * @throws IllegalStateException if the thread does not come from {@link
   *     dev.warder.policy.wasi.GuestThreads}
   */
  public PolicyAnswer evaluate(ValidationRequest request, EvaluationBudget budget) {
    var run = module.run(dev.warder.policy.wasi.Command.VALIDATE, request.json(), budget);
    return new PolicyAnswer(
        Rejections.overloaded(request.uid()),
        new PolicyAnswer.Ending.Crashed(),
        run.toString(),
        new PolicyAnswer.Timings(0, 0));
  }
}
