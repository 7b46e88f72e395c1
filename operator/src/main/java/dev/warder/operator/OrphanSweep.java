package dev.warder.operator;

import dev.warder.operator.policy.PolicyIds;
import dev.warder.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what belongs to policies that were deleted without Warder seeing it. */
final class OrphanSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

  private OrphanSweep() {}

  /**
   * @param policies names of the policies that this instance serves
   */
  static void run(
      KubernetesClient client, String instance, Set<String> policies, Revisions revisions) {
    var alive =
        policies.stream()
            .map(name -> PolicyIds.clusterAdmissionPolicy(name).value())
            .collect(Collectors.toSet());
    var v1 = client.admissionRegistration().v1();
    var selector = Labels.selector(instance);
    Stream.<HasMetadata>concat(
            v1.validatingWebhookConfigurations().withLabels(selector).list().getItems().stream(),
            v1.mutatingWebhookConfigurations().withLabels(selector).list().getItems().stream())
        .filter(object -> !alive.contains(object.getMetadata().getName()))
        .forEach(
            object -> {
              LOG.warn(
                  "Removing {} {}: no such policy",
                  object.getKind(),
                  object.getMetadata().getName());
              client.resource(object).delete();
            });
    revisions.ids().stream().filter(id -> !alive.contains(id.value())).forEach(revisions::remove);
  }
}
