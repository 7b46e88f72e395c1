package dev.warder.operator.status;

import dev.warder.crd.ModuleStatus;
import dev.warder.policy.Failure;
import dev.warder.policy.evaluation.PolicyMode;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a policy at the end of a reconcile; its status follows from this alone.
 *
 * @param generation the spec's generation that was looked at
 * @param stage how far that generation has come
 * @param serving what judges requests now, of this or an earlier generation
 */
public record PolicyView(long generation, Stage stage, Optional<Serving> serving) {
  /** How far a generation has come. */
  public sealed interface Stage {
    /** Being fetched, compiled, tried. */
    record Preparing() implements Stage {}

    /**
     * Not to be served.
     *
     * @param nextTry when it is tried again by itself, or was a moment ago
     */
    record Failed(Failure failure, Optional<Instant> nextTry) implements Stage {
      public Failed(Failure failure) {
        this(failure, Optional.empty());
      }
    }

    /** Served, and its webhook configuration is in the cluster. */
    record Served() implements Stage {}
  }

  /** What judges requests. */
  public record Serving(long generation, PolicyMode mode, ModuleStatus module) {}
}
