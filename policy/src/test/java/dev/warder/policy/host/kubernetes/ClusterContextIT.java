package dev.warder.policy.host.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What policies see of a real API server, as an account that may read little. */
final class ClusterContextIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ACCOUNT = "system:serviceaccount:readers:reader";
  private static final ContextAwareResource MAPS = new ContextAwareResource("v1", "ConfigMap");
  private static final ContextAwareResource SECRETS = new ContextAwareResource("v1", "Secret");
  private static final long MEMORY = 64 << 20;
  private static final int MANY = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static ControlPlane cluster;

  private Wire wire;
  private KubernetesClient client;
  private ClusterContext context;

  @BeforeAll
  static void startCluster() {
    cluster = ControlPlane.start(ControlPlaneOptions.defaults(), System.out::println);
    for (var name : new String[] {"readers", "one", "two"}) {
      cluster.createNamespace(name);
    }
    cluster.createServiceAccount("readers", "reader");
    kubectl(
        "create",
        "clusterrole",
        "reads",
        "--verb=get,list,watch",
        "--resource=configmaps,namespaces");
    kubectl(
        "create",
        "clusterrolebinding",
        "reads",
        "--clusterrole=reads",
        "--serviceaccount=readers:reader");
    kubectl(
        "create",
        "clusterrole",
        "asks",
        "--verb=create",
        "--resource=subjectaccessreviews.authorization.k8s.io");
    kubectl(
        "create",
        "clusterrolebinding",
        "asks",
        "--clusterrole=asks",
        "--serviceaccount=readers:reader");
    kubectl("create", "configmap", "first", "-n", "one", "--from-literal=a=1");
    kubectl("create", "configmap", "second", "-n", "two", "--from-literal=a=2");
    kubectl("label", "configmap", "second", "-n", "two", "kept=yes");
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() throws IOException {
    wire = new Wire(cluster.server().getPort());
    var config = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(config)
                    .withMasterUrl(URI.create("https://127.0.0.1:" + wire.port()).toString())
                    .withImpersonateUsername(ACCOUNT)
                    .withRequestTimeout(5000)
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    context = new ClusterContext(client, ACCOUNT, MEMORY);
  }

  @AfterEach
  void stop() throws IOException {
    context.close();
    client.close();
    wire.close();
  }

  @Test
  void listsAreOfTheShapeThatSdksExpect() {
    var list = list(maps().put("namespace", "one"));

    assertThat(list.path("apiVersion").asText()).isEqualTo("v1");
    assertThat(list.path("kind").asText()).isEqualTo("ConfigMapList");
    assertThat(list.path("metadata").size()).isZero();
    assertThat(names(list)).contains("first").doesNotContain("second");
    var item = item(list, "first");
    assertThat(item.path("apiVersion").asText()).isEqualTo("v1");
    assertThat(item.path("kind").asText()).isEqualTo("ConfigMap");
    assertThat(item.path("data").path("a").asText()).isEqualTo("1");
    assertThat(item.path("metadata").path("managedFields").size()).isZero();
    assertThat(item.path("metadata").path("resourceVersion").asText()).isNotEmpty();
  }

  @Test
  void listsLackWhatKubectlNotes() {
    cluster
        .asAdmin()
        .runWithInput(
            """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied","namespace":"one",
             "annotations":{"mine":"yes"}},"data":{"long":"text"}}
            """,
            "apply",
            "-f",
            "-");

    var listed = item(list(maps().put("namespace", "one")), "applied");
    var read = get(object("v1", "ConfigMap", "applied").put("namespace", "one"));

    var annotation = "kubectl.kubernetes.io/last-applied-configuration";
    assertThat(listed.path("metadata").path("annotations").has(annotation)).isFalse();
    assertThat(listed.path("metadata").path("annotations").path("mine").asText()).isEqualTo("yes");
    assertThat(read.path("metadata").path("annotations").has(annotation)).isTrue();
    assertThat(read.path("metadata").path("managedFields").size()).isPositive();
  }

  @Test
  void listsObeySelectorsAndMasks() {
    assertThat(names(list(maps().put("label_selector", "kept=yes")))).containsExactly("second");
    assertThat(names(list(maps().put("label_selector", "kept notin (yes)"))))
        .contains("first")
        .doesNotContain("second");
    assertThat(names(list(maps().put("field_selector", "metadata.name=first"))))
        .containsExactly("first");
    assertThat(
            names(
                list(maps().put("field_selector", "metadata.name!=first,metadata.namespace=one"))))
        .doesNotContain("first", "second");

    var masked = maps();
    masked.putArray("field_masks").add("data.b").add("metadata.name");
    var item = item(list(masked), "first");
    assertThat(item.path("data").size()).isZero();
    assertThat(item.path("metadata").path("uid").asText()).isNotEmpty();
  }

  @Test
  void clusterWideKindsHaveNoNamespace() {
    assertThat(names(list(kind("v1", "Namespace")))).contains("one", "two", "default");
    assertThat(refusal(context.list(kind("v1", "Namespace").put("namespace", "one"), none())))
        .contains("v1/Namespace is cluster wide");
    assertThat(get(object("v1", "Namespace", "one").put("namespace", "two")).path("kind").asText())
        .isEqualTo("Namespace");
    assertThat(refusal(context.get(object("v1", "ConfigMap", "first"))))
        .contains("is namespaced: give the namespace");
  }

  @Test
  void whatIsNotThereIsAFailure() {
    assertThat(refusal(context.get(object("v1", "Namespace", "nowhere"))))
        .isEqualTo(
            "Callback evaluation failure: Cannot find v1/Namespace named 'nowhere' inside of"
                + " namespace 'None'");
    assertThat(refusal(context.get(object("v1", "Sheep", "dolly"))))
        .contains("Cannot find resource v1/Sheep");
    assertThat(refusal(context.list(kind("farm.example/v1", "Sheep"), none())))
        .contains("Cannot find resource farm.example/v1/Sheep");
  }

  @Test
  void namesCannotLeadElsewhere() {
    for (var name : new String[] {"../../secrets/x", "a/b", "a%2fb", "..", "a?watch=1", ""}) {
      assertThat(refusal(context.get(object("v1", "ConfigMap", name).put("namespace", "one"))))
          .as(name)
          .contains("the name is none that Kubernetes could have");
    }
    assertThat(
            refusal(context.get(object("v1", "ConfigMap", "x").put("namespace", "one/secrets/y"))))
        .contains("the namespace is none");
    assertThat(refusal(context.get(object("v1/../..", "ConfigMap", "x"))))
        .contains("the api_version is none");
  }

  @Test
  void readsAreGoodForFiveSecondsUnlessAskedOtherwise() {
    kubectl("create", "configmap", "changing", "-n", "one", "--from-literal=a=old");
    var asked = object("v1", "ConfigMap", "changing").put("namespace", "one");
    var masked = asked.deepCopy();
    masked.putArray("field_masks").add("data.none");
    assertThat(get(asked).path("data").path("a").asText()).isEqualTo("old");

    kubectl("patch", "configmap", "changing", "-n", "one", "-p", "{\"data\":{\"a\":\"new\"}}");

    assertThat(get(masked).path("data").size()).isZero();
    assertThat(get(asked.deepCopy().put("disable_cache", true)).path("data").path("a").asText())
        .isEqualTo("new");
    await().atMost(PATIENCE).until(() -> get(asked).path("data").path("a").asText().equals("new"));
  }

  @Test
  void rightsOfOthersCanBeAskedFor() {
    assertThat(canI(ACCOUNT, "list", "configmaps").path("allowed").booleanValue()).isTrue();
    assertThat(canI(ACCOUNT, "delete", "configmaps").path("allowed").booleanValue()).isFalse();
    assertThat(canI("nobody", "list", "configmaps").path("allowed").booleanValue()).isFalse();
  }

  @Test
  void aChangeIsSeenWithoutAsking() {
    var all = maps().put("namespace", "one");
    list(all);

    kubectl("create", "configmap", "later", "-n", "one", "--from-literal=a=1");
    await().atMost(PATIENCE).until(() -> names(list(all)).contains("later"));
    kubectl("patch", "configmap", "later", "-n", "one", "-p", "{\"data\":{\"a\":\"2\"}}");
    await()
        .atMost(PATIENCE)
        .until(() -> item(list(all), "later").path("data").path("a").asText().equals("2"));
    kubectl("delete", "configmap", "later", "-n", "one");
    await().atMost(PATIENCE).until(() -> !names(list(all)).contains("later"));
    assertThat(context.states()).hasSize(1);
  }

  @Test
  void aCutWatchIsResumed() {
    var all = maps().put("namespace", "two");
    list(all);

    wire.cut();
    await().atMost(PATIENCE).until(() -> !context.states().getFirst().watching());
    kubectl("create", "configmap", "meanwhile", "-n", "two");
    // What is known is good enough for a moment.
    assertThat(names(list(all))).contains("second");

    wire.mend();
    await().atMost(PATIENCE).until(() -> names(list(all)).contains("meanwhile"));
    await().atMost(PATIENCE).until(() -> context.states().getFirst().watching());
  }

  @Test
  void aMissingRuleIsSpelledOutUntilItIsGranted() {
    var refused = context.open(Set.of(MAPS, SECRETS));

    assertThat(refused)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.failure().reason()).isEqualTo(Reason.ContextUnavailable);
              assertThat(failed.failure().message())
                  .contains(ACCOUNT + " may not get, list, watch v1/Secret")
                  .contains(
                      "{apiGroups: [\"\"], resources: [\"secrets\"], verbs: [get, list, watch]}")
                  .contains(
                      "kubectl create clusterrole warder-reads-secrets --verb=get,list,watch"
                          + " --resource=secrets")
                  .contains("--serviceaccount=readers:reader");
            });
    assertThat(refusal(context.list(kind("v1", "Secret"), none())))
        .contains("cannot list and watch v1/Secret: the account that reads for policies may not");

    kubectl("create", "clusterrole", "keys", "--verb=get,list,watch", "--resource=secrets");
    kubectl(
        "create",
        "clusterrolebinding",
        "keys",
        "--clusterrole=keys",
        "--serviceaccount=readers:reader");
    await().atMost(PATIENCE).until(() -> context.open(Set.of(SECRETS)) instanceof Outcome.Done);
    await()
        .atMost(PATIENCE)
        .until(() -> reply(context.list(kind("v1", "Secret"), none())).granted());

    kubectl("delete", "clusterrolebinding", "keys");
    kubectl("delete", "clusterrole", "keys");
  }

  @Test
  void aRightThatIsTakenAwayShows() {
    kubectl(
        "create", "clusterrole", "quotas", "--verb=get,list,watch", "--resource=resourcequotas");
    kubectl(
        "create",
        "clusterrolebinding",
        "quotas",
        "--clusterrole=quotas",
        "--serviceaccount=readers:reader");
    var quotas = new ContextAwareResource("v1", "ResourceQuota");
    await().atMost(PATIENCE).until(() -> context.open(Set.of(quotas)) instanceof Outcome.Done);
    var lease = ((Outcome.Done<ContextLease>) context.open(Set.of(quotas))).value();
    assertThat(reply(context.list(kind("v1", "ResourceQuota"), Optional.of(lease))).granted())
        .isTrue();
    assertThat(context.problem(lease)).isEmpty();

    kubectl("delete", "clusterrolebinding", "quotas");
    // The API server lets a watch go on that it has let in; the next one it does not.
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              wire.cut();
              wire.mend();
              return context.problem(lease).isPresent();
            });
    assertThat(context.problem(lease).orElseThrow().message())
        .contains("cannot list and watch v1/ResourceQuota")
        .contains("forbidden");
    assertThat(reply(context.list(kind("v1", "ResourceQuota"), none())).granted()).isFalse();

    kubectl(
        "create",
        "clusterrolebinding",
        "quotas",
        "--clusterrole=quotas",
        "--serviceaccount=readers:reader");
    await().atMost(PATIENCE).until(() -> context.problem(lease).isEmpty());
    kubectl("delete", "clusterrolebinding", "quotas");
    kubectl("delete", "clusterrole", "quotas");
  }

  @Test
  void aKindThatComesLaterIsFound() {
    kubectl("create", "clusterrole", "herd", "--verb=get,list,watch", "--resource=configmaps");
    var sheep = new ContextAwareResource("farm.example/v1", "Ram");
    assertThat(context.open(Set.of(sheep))).isInstanceOf(Outcome.Failed.class);

    cluster
        .asAdmin()
        .runWithInput(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: rams.farm.example}
            spec:
              group: farm.example
              scope: Namespaced
              names: {plural: rams, singular: ram, kind: Ram}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: rams}
            rules: [{apiGroups: [farm.example], resources: [rams], verbs: [get, list, watch]}]
            """,
            "apply",
            "-f",
            "-");
    kubectl(
        "create",
        "clusterrolebinding",
        "rams",
        "--clusterrole=rams",
        "--serviceaccount=readers:reader");

    await().atMost(PATIENCE).until(() -> context.open(Set.of(sheep)) instanceof Outcome.Done);
    await()
        .atMost(PATIENCE)
        .until(() -> reply(context.list(kind("farm.example/v1", "Ram"), none())).granted());
    kubectl("delete", "clusterrole", "herd");
  }

  @Test
  void policiesShareOneListAndItGoesWhenUnused() {
    var one = ((Outcome.Done<ContextLease>) context.open(Set.of(MAPS))).value();
    var other = ((Outcome.Done<ContextLease>) context.open(Set.of(MAPS))).value();
    reply(context.list(maps(), Optional.of(one)));
    reply(context.list(maps(), Optional.of(other)));

    assertThat(context.states()).hasSize(1);
    assertThat(context.memoryUsed()).isPositive();

    context.release(one);
    context.sweep(Duration.ZERO);
    assertThat(context.states()).hasSize(1);
    context.release(other);
    context.sweep(Duration.ZERO);
    assertThat(context.states()).isEmpty();
    assertThat(context.memoryUsed()).isZero();
  }

  @Test
  void tenThousandObjectsFitAndBeyondTheMemoryAllIsRefused() throws IOException {
    createMany();
    var whole = maps().put("label_selector", "many=yes");
    var masked = whole.deepCopy();
    masked.putArray("field_masks").add("data.n");

    assertThat(list(whole).path("items").size()).isEqualTo(MANY);
    var unmasked = context.memoryUsed();
    assertThat(reply(context.list(whole, none())).bytes())
        .as("encoded once")
        .isSameAs(reply(context.list(whole, none())).bytes());
    context.sweep(Duration.ZERO);
    assertThat(list(masked).path("items").size()).isEqualTo(MANY);
    var pruned = context.memoryUsed();
    System.out.printf(
        "10,000 ConfigMaps of 1 KB: %d KiB, with a mask %d KiB%n", unmasked >> 10, pruned >> 10);
    assertThat(pruned).isLessThan(unmasked);

    try (var small = new ClusterContext(client, ACCOUNT, 1 << 20)) {
      assertThat(refusal(small.list(whole, none())))
          .contains("does not fit into the 1 MiB")
          .contains("--context-memory");
      assertThat(small.memoryUsed()).isZero();
    }
  }

  private static void createMany() throws IOException {
    cluster.createNamespace("many");
    var config = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    try (var admin = new KubernetesClientBuilder().withConfig(config).build();
        var threads = Executors.newFixedThreadPool(8)) {
      for (var i = 0; i < MANY; i++) {
        var map =
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("many-" + i)
                .withNamespace("many")
                .addToLabels("many", "yes")
                .endMetadata()
                .addToData("text", "x".repeat(1000))
                .addToData("n", "" + i)
                .build();
        threads.execute(() -> admin.resource(map).create());
      }
    }
  }

  private static Optional<ContextLease> none() {
    return Optional.empty();
  }

  private JsonNode list(ObjectNode payload) {
    return granted(context.list(payload, none()));
  }

  private JsonNode get(ObjectNode payload) {
    return granted(context.get(payload));
  }

  private JsonNode canI(String user, String verb, String resource) {
    var payload = JSON.createObjectNode();
    var review = payload.putObject("subject_access_review").put("user", user);
    review.putObject("resource_attributes").put("verb", verb).put("resource", resource);
    return granted(context.canI(payload.put("disable_cache", false)));
  }

  private static JsonNode granted(Answer answer) {
    var reply = reply(answer);
    var text = new String(reply.bytes(), StandardCharsets.UTF_8);
    assertThat(reply.granted()).as(text).isTrue();
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  private static String refusal(Answer answer) {
    var reply = reply(answer);
    var text = new String(reply.bytes(), StandardCharsets.UTF_8);
    assertThat(reply.granted()).as(text).isFalse();
    return text;
  }

  private static Reply reply(Answer answer) {
    try {
      return switch (answer) {
        case Reply reply -> reply;
        case Waiting(var pending) -> pending.outcome();
      };
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode maps() {
    return kind("v1", "ConfigMap");
  }

  private static ObjectNode kind(String apiVersion, String kind) {
    return JSON.createObjectNode().put("api_version", apiVersion).put("kind", kind);
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    return kind(apiVersion, kind).put("name", name).put("disable_cache", false);
  }

  private static Set<String> names(JsonNode list) {
    var names = new TreeSet<String>();
    list.path("items").forEach(item -> names.add(item.path("metadata").path("name").asText()));
    return names;
  }

  private static JsonNode item(JsonNode list, String name) {
    for (var item : list.path("items")) {
      if (item.path("metadata").path("name").asText().equals(name)) {
        return item;
      }
    }
    throw new AssertionError(name + " is not in " + names(list));
  }

  private static void kubectl(String... arguments) {
    var result = cluster.asAdmin().run(arguments);
    assertThat(result.isSuccess()).as(result.stderr()).isTrue();
  }
}
