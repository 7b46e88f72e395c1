package dev.warder.operator.status;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.crd.PolicyCondition;
import dev.warder.policy.Reason;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only writer of Events. Losing one is logged and otherwise harmless: status has it all. */
public final class PolicyEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyEvents.class);
  private static final String NAMESPACE_OF_CLUSTER_OBJECTS = "default";

  /** What the API server takes. */
  private static final int MAX_NOTE_BYTES = 1024;

  private static final int MAX_BYTES_PER_CHAR = 3;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final Clock clock;
  private final String reporter;

  public PolicyEvents(KubernetesClient client, Clock clock, String instance) {
    this.client = client;
    this.clock = clock;
    this.reporter = "warder-" + instance;
  }

  void transition(ClusterAdmissionPolicy policy, PolicyCondition ready) {
    publish(policy, !ready.status().equals("False"), ready.reason(), ready.message());
  }

  public void tell(ClusterAdmissionPolicy policy, Reason reason, String note) {
    publish(
        policy, !reason.retryable() && reason.kind() != Reason.Kind.TERMINAL, reason.name(), note);
  }

  private void publish(ClusterAdmissionPolicy policy, boolean normal, String reason, String note) {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(policy.getMetadata().getName() + "-")
            .withNamespace(NAMESPACE_OF_CLUSTER_OBJECTS)
            .endMetadata()
            .withRegarding(
                new ObjectReferenceBuilder()
                    .withApiVersion(policy.getApiVersion())
                    .withKind(policy.getKind())
                    .withName(policy.getMetadata().getName())
                    .withUid(policy.getMetadata().getUid())
                    .withResourceVersion(policy.getMetadata().getResourceVersion())
                    .build())
            .withType(normal ? "Normal" : "Warning")
            .withReason(reason)
            .withAction("Reconcile")
            .withNote(bounded(note))
            .withReportingController("warder.dev/operator")
            .withReportingInstance(reporter)
            .withEventTime(new MicroTime(MICROS.format(clock.instant())))
            .build();
    try {
      client.events().v1().events().resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn(
          "Event {} of policy {} was not written: {}",
          reason,
          policy.getMetadata().getName(),
          e.getMessage());
    }
  }

  private static String bounded(String note) {
    return note.getBytes(StandardCharsets.UTF_8).length <= MAX_NOTE_BYTES
        ? note
        : note.substring(0, Math.min(note.length(), MAX_NOTE_BYTES / MAX_BYTES_PER_CHAR) - 1) + "…";
  }
}
