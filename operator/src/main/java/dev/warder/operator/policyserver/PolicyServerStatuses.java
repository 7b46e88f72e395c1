package dev.warder.operator.policyserver;

import dev.warder.crd.PolicyCondition;
import dev.warder.crd.PolicyServer;
import dev.warder.crd.PolicyServerStatus;
import dev.warder.operator.Labels;
import dev.warder.operator.status.Transitions;
import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The only writer of a PolicyServer's status, and only when something changed. */
final class PolicyServerStatuses {
  private static final String TRUE = "True";

  private final KubernetesClient client;
  private final Clock clock;

  PolicyServerStatuses(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void write(PolicyServer server, Optional<Failure> unusable) {
    var status = status(server, unusable);
    if (status.equals(server.getStatus())) {
      return;
    }
    var patch = new PolicyServer();
    patch.setMetadata(new ObjectMetaBuilder().withName(server.getMetadata().getName()).build());
    patch.setStatus(status);
    client
        .resource(patch)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(Labels.WARDER)
                .withForce(true)
                .build());
  }

  private PolicyServerStatus status(PolicyServer server, Optional<Failure> unusable) {
    var before =
        Optional.ofNullable(server.getStatus())
            .map(PolicyServerStatus::conditions)
            .orElse(List.of());
    var transitions =
        new Transitions(before, server.getMetadata().getGeneration(), clock.instant());
    var conditions = new ArrayList<PolicyCondition>();
    if (unusable.isPresent()) {
      var failure = unusable.get();
      var message =
          failure.message() + " Until then no module is accepted; what is served goes on.";
      conditions.add(transitions.to("Ready", "False", failure.reason().name(), message));
      conditions.add(transitions.to("Stalled", TRUE, failure.reason().name(), message));
    } else {
      conditions.add(
          transitions.to(
              "Ready", TRUE, Reason.PolicyServerInUse.name(), "The settings are in use."));
    }
    var ignored = server.getSpec() == null ? List.<String>of() : IgnoredFields.of(server.getSpec());
    if (!ignored.isEmpty()) {
      conditions.add(
          transitions.to(
              "FieldsIgnored",
              TRUE,
              "NoDeployment",
              "Warder runs no Deployment for a PolicyServer and ignores spec."
                  + String.join(", spec.", ignored)));
    }
    return new PolicyServerStatus(server.getMetadata().getGeneration(), conditions);
  }
}
