package dev.warder.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** One stored object that nobody expected must not break reading all of them. */
class StoredObjectsTest {
  @Test
  void unknownMembersAndEnumValuesAreReadAsAbsent() {
    var policy =
        Serialization.unmarshal(
            """
            apiVersion: policies.kubewarden.io/v1
            kind: ClusterAdmissionPolicy
            metadata: {name: odd}
            spec:
              module: registry://registry.example/odd:v1
              mutating: false
              fromTheFuture: {a: 1}
              sideEffects: Unknown
              settings: {replicas: 3}
              rules:
              - {apiVersions: [v1], resources: [pods], operations: [CREATE, RENAME], extra: 1}
            status: {policyStatus: dancing, conditions: [], more: 1}
            """,
            ClusterAdmissionPolicy.class);

    var spec = policy.getSpec();
    assertThat(spec.sideEffects()).isNull();
    assertThat(spec.settings()).hasToString("{\"replicas\":3}");
    assertThat(spec.rules().get(0).operations()).containsExactly(OperationName.CREATE, null);
    assertThat(policy.getStatus().policyStatus()).isNull();
  }

  @Test
  void aStatusToApplyCarriesNoSpec() {
    var policy = new ClusterAdmissionPolicy();
    policy.setStatus(new PolicyStatus(3L, null, null, LegacyPolicyStatus.PENDING, null, null));

    assertThat(Serialization.asJson(policy))
        .contains("\"status\":{\"observedGeneration\":3,\"policyStatus\":\"pending\"}")
        .doesNotContain("spec");
  }
}
