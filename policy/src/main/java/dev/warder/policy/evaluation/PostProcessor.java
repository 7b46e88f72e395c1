package dev.warder.policy.evaluation;

/** Turns a policy's own answer into the verdict that the cluster's operator wants. */
public final class PostProcessor {
  private PostProcessor() {}

  public static AdmissionResponse apply(AdmissionResponse answer, PolicyRules rules) {
    return answer;
  }
}
