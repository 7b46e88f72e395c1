package dev.warder.operator.status;

import dev.warder.crd.PolicyCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes conditions whose time changes only with their status, as the API conventions want it. */
public final class Transitions {
  private final List<PolicyCondition> previous;
  private final long generation;
  private final Instant now;

  /**
   * Goes by what the status has.
   *
   * @param generation that the conditions speak of
   */
  public Transitions(List<PolicyCondition> previous, long generation, Instant now) {
    this.previous = previous;
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** A condition for now. */
  public PolicyCondition to(String type, String status, String reason, String message) {
    var since =
        previous.stream()
            .filter(c -> c.type().equals(type) && c.status().equals(status))
            .map(PolicyCondition::lastTransitionTime)
            .findFirst()
            .orElseGet(now::toString);
    return new PolicyCondition(type, status, reason, message, since, generation);
  }
}
