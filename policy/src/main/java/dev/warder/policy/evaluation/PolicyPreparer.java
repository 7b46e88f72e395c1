package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.wasi.WasiEngine;

/** The journey from spec.module to a policy that may be served. Safe for concurrent use. */
public final class PolicyPreparer {
  private final ModuleFetcher fetcher;
  private final WasiEngine engine;

  /** Neither is closed by the preparer. */
  public PolicyPreparer(ModuleFetcher fetcher, WasiEngine engine) {
    this.fetcher = fetcher;
    this.engine = engine;
  }

  /** Takes all steps; blocks for as long as they take, on any kind of thread. */
  public Outcome<PreparedPolicy> prepare(PreparationRequest request, StepListener listener) {
    return Outcome.failed(
        Reason.InternalError, String.valueOf(fetcher.hashCode() + engine.hashCode()));
  }
}
