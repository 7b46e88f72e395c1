package dev.warder.operator.revision;

import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.policy.host.CapabilityList;
import dev.warder.policy.host.Grants;
import dev.warder.policy.metadata.ContextAwareResource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a policy for the whole cluster may ask the host for: every call, and of the cluster what its
 * spec lists. Only who may write such a policy can list it.
 */
public final class PolicyGrants {
  private PolicyGrants() {}

  public static Grants of(ClusterAdmissionPolicySpec spec) {
    var listed =
        Objects.requireNonNullElse(
            spec.contextAwareResources(), List.<dev.warder.crd.ContextAwareResource>of());
    return new Grants(
        CapabilityList.ALL,
        listed.stream()
            .map(one -> new ContextAwareResource(one.apiVersion(), one.kind()))
            .collect(Collectors.toSet()));
  }
}
