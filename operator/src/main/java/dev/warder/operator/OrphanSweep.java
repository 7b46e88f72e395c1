package dev.warder.operator;

import dev.warder.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what belongs to policies that were deleted without Warder seeing it. */
final class OrphanSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

  private OrphanSweep() {}

  /**
   * @param policies gives the names of the policies that this instance serves; asked for last, so
   *     that one made meanwhile is not taken for gone
   */
  static void run(
      KubernetesClient client,
      String instance,
      Revisions revisions,
      Supplier<Set<String>> policies) {
    var v1 = client.admissionRegistration().v1();
    var selector = Labels.selector(instance);
    var configurations =
        Stream.<HasMetadata>concat(
                v1
                    .validatingWebhookConfigurations()
                    .withLabels(selector)
                    .list()
                    .getItems()
                    .stream(),
                v1.mutatingWebhookConfigurations().withLabels(selector).list().getItems().stream())
            .toList();
    var served = revisions.ids();
    var alive =
        policies.get().stream()
            .map(name -> PolicyIds.clusterAdmissionPolicy(name).value())
            .collect(Collectors.toSet());
    for (var configuration : configurations) {
      var name = configuration.getMetadata().getName();
      if (!alive.contains(name)) {
        LOG.warn("Removing {} {}: no such policy", configuration.getKind(), name);
        client.resource(configuration).delete();
      }
    }
    served.stream().filter(id -> !alive.contains(id.value())).forEach(revisions::remove);
  }
}
