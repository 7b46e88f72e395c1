package dev.warder.policy.evaluation;

import java.util.Optional;
import java.util.OptionalInt;

/** Verdicts about requests that no policy has judged. */
public final class Rejections {
  private static final String OVERLOADED =
      "Warder is overloaded: too many requests wait for this evaluation to start in time. Try"
          + " again; if it lasts, add replicas or CPUs to Warder, or narrow the rules of its"
          + " policies.";

  private Rejections() {}

  /**
   * The queue is full, or the deadline would pass before an evaluation could end. This is the final
   * verdict: a policy that only monitors refuses nothing, and a custom message is not put in its
   * place, as it speaks of requests that were judged.
   */
  public static AdmissionResponse overloaded(String uid, PolicyMode mode) {
    var refusal = AdmissionResponse.refuse(uid, OVERLOADED, OptionalInt.of(429));
    return switch (mode) {
      case PROTECT -> refusal;
      case MONITOR -> refusal.withVerdict(true, Optional.empty());
    };
  }
}
