package dev.warder.operator.revision;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.operator.Labels;
import dev.warder.operator.budget.BudgetAnnotations;
import dev.warder.policy.evaluation.PreparationRequest.Pinned;
import dev.warder.policy.reference.Digest;
import dev.warder.webhook.registry.PolicyId;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each last good generation in a ConfigMap named after the policy's id: Kubernetes forgets a
 * spec when it is edited, and a restart must serve what was served before.
 */
final class RevisionStore {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionStore.class);

  private static final TypeReference<ClusterAdmissionPolicySpec> SPEC = new TypeReference<>() {};
  private static final TypeReference<TreeMap<String, String>> ASKED = new TypeReference<>() {};

  private final ObjectMapper json = JsonMapper.builder().build();
  private final KubernetesClient client;
  private final String namespace;
  private final String instance;

  /** A generation as it was kept, not yet prepared again. */
  record Kept(
      PolicyId id,
      String uid,
      long generation,
      ClusterAdmissionPolicySpec spec,
      BudgetAnnotations asked,
      Pinned pinned) {}

  RevisionStore(KubernetesClient client, String namespace, String instance) {
    this.client = client;
    this.namespace = namespace;
    this.instance = instance;
  }

  void save(Revision revision) {
    var fetched = revision.prepared().fetched();
    var map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(revision.id().value())
            .withNamespace(namespace)
            .withLabels(Labels.of(instance))
            .endMetadata()
            .withData(
                Map.of(
                    "uid",
                    revision.uid(),
                    "generation",
                    Long.toString(revision.generation()),
                    "spec",
                    text(revision.spec()),
                    "budget",
                    text(revision.asked().values()),
                    "reference",
                    fetched.immutableReference(),
                    "digest",
                    fetched.digest().toString()))
            .build();
    client.resource(map).forceConflicts().fieldManager(Labels.WARDER).serverSideApply();
  }

  void delete(PolicyId id) {
    client.configMaps().inNamespace(namespace).withName(id.value()).delete();
  }

  List<Kept> load() {
    return client
        .configMaps()
        .inNamespace(namespace)
        .withLabels(Labels.selector(instance))
        .list()
        .getItems()
        .stream()
        .flatMap(map -> read(map).stream())
        .toList();
  }

  private Optional<Kept> read(ConfigMap map) {
    var name = map.getMetadata().getName();
    try {
      var digest =
          Digest.parse(value(map, "digest"))
              .orElseThrow(() -> new IllegalArgumentException("no digest"));
      return Optional.of(
          new Kept(
              new PolicyId(name),
              value(map, "uid"),
              Long.parseLong(value(map, "generation")),
              read(value(map, "spec"), SPEC),
              asked(map),
              new Pinned(value(map, "reference"), digest)));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "ConfigMap {}/{} holds no readable generation ({}); the policy will be prepared anew",
          namespace,
          name,
          e.getMessage());
      return Optional.empty();
    }
  }

  private static String value(ConfigMap map, String key) {
    var data = map.getData();
    var value = data == null ? null : data.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }

  /** A generation that an older Warder kept has none. */
  private BudgetAnnotations asked(ConfigMap map) {
    return map.getData().containsKey("budget")
        ? new BudgetAnnotations(read(value(map, "budget"), ASKED))
        : BudgetAnnotations.NONE;
  }

  private <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private String text(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JacksonException e) {
      throw new IllegalStateException("what was read must be writable", e);
    }
  }
}
