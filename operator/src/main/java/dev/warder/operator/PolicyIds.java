package dev.warder.operator;

import dev.warder.webhook.registry.PolicyId;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Optional;

/** Names under which policies are served; also the names of their webhook configurations. */
public final class PolicyIds {
  private static final String CLUSTER_ADMISSION_POLICY = "kw.cap.";

  private PolicyIds() {}

  public static PolicyId clusterAdmissionPolicy(String name) {
    return new PolicyId(CLUSTER_ADMISSION_POLICY + name);
  }

  /** The policy that an object of this name belongs to, if the name is one of ours. */
  public static Optional<ResourceID> owner(String objectName) {
    return objectName.startsWith(CLUSTER_ADMISSION_POLICY)
        ? Optional.of(new ResourceID(objectName.substring(CLUSTER_ADMISSION_POLICY.length())))
        : Optional.empty();
  }
}
