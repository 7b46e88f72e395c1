package dev.warder.operator.status;

import dev.warder.crd.PolicyCondition;
import dev.warder.crd.PolicyStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rules by which kstatus, Flux and Helm read a status (cli-utils, pkg/kstatus/status). */
public enum Kstatus {
  IN_PROGRESS,
  FAILED,
  CURRENT;

  public static Kstatus of(long generation, @Nullable PolicyStatus status) {
    if (status == null) {
      return CURRENT;
    }
    if (status.observedGeneration() != null && status.observedGeneration() != generation) {
      return IN_PROGRESS;
    }
    var conditions = Objects.requireNonNull(status.conditions());
    for (var condition : conditions) {
      if (is(condition, "Reconciling", "True")) {
        return IN_PROGRESS;
      }
      if (is(condition, "Stalled", "True")) {
        return FAILED;
      }
    }
    for (var condition : conditions) {
      if (condition.type().equals("Ready")) {
        return condition.status().equals("True") ? CURRENT : IN_PROGRESS;
      }
    }
    return CURRENT;
  }

  private static boolean is(PolicyCondition condition, String type, String status) {
    return condition.type().equals(type) && condition.status().equals(status);
  }
}
