package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a module does, the policy beside it goes on giving the right verdicts. */
@ExtendWith(Cluster.Extension.class)
class HostileIT {
  private static final String NEIGHBOUR = "hostile-neighbour";
  private static final String HOSTILE = "hostile";
  private static final String LABEL = "warder.dev/hostile";
  private static final int AT_ONCE = 4;
  private static final int ROUNDS = 2;

  /** What becomes of a request with the marker. */
  private static final Map<String, Predicate<Judgement>> ENDS =
      Map.ofEntries(
          refused("endless-loop", "policy exceeded its time budget of 2 s"),
          refused("long-poll", "policy exceeded its time budget of 2 s"),
          refused("memory-bomb", "policy exceeded its memory budget of 128 MiB"),
          refused("table-bomb", "policy exceeded the limit of 1000000 table elements"),
          refused("deep-recursion", "policy exceeded its call depth budget"),
          refused("output-bomb", "policy exceeded its stdout budget of 16 MiB"),
          refused("stderr-bomb", "policy exceeded its stderr budget of 1 MiB"),
          refused("wide-write", "policy exceeded its stdout budget of 16 MiB"),
          refused("huge-write", "the policy trapped"),
          refused("host-call", "the policy trapped"),
          refused("trap", "the policy trapped"),
          refused("out-of-bounds", "index out of range"),
          refused("exit-3", "the policy lost its way"),
          refused("garbage-json", "cannot deserialize policy validation response"),
          refused("two-answers", "cannot deserialize policy validation response"),
          refused("no-answer", "cannot deserialize policy validation response"),
          refused("non-utf8-stdout", "the policy's stdout pipe"),
          refused("non-utf8-stderr", "the policy's stderr pipe"),
          Map.entry("huge-read", HostileIT::isVerdict),
          Map.entry("huge-random", HostileIT::isVerdict));

  private static final Map<String, Reason> NEVER_SERVED =
      Map.ofEntries(
          Map.entry("start-loop", Reason.TrialTimedOut),
          Map.entry("trap-always", Reason.RehearsalFailed),
          Map.entry("settings-loop", Reason.TrialTimedOut),
          Map.entry("instantiate-loop", Reason.TrialTimedOut),
          Map.entry("no-memory", Reason.SettingsCheckFailed),
          Map.entry("big-initial-memory", Reason.SettingsCheckFailed),
          Map.entry("big-initial-table", Reason.ModuleCompileFailed),
          Map.entry("no-start", Reason.SettingsCheckFailed),
          Map.entry("start-signature", Reason.SettingsCheckFailed),
          Map.entry("unknown-import", Reason.ModuleImportUnknown),
          Map.entry("unknown-wasi-import", Reason.ModuleImportUnknown),
          Map.entry("wrong-signature", Reason.ModuleImportUnknown),
          Map.entry("imported-memory", Reason.ModuleImportUnknown));

  private static final Map<String, Reason> NOT_EVEN_A_MODULE =
      Map.of(
          "truncated",
          Reason.ModuleNotWasm,
          "not-wasm",
          Reason.ModuleNotWasm,
          "empty",
          Reason.ModuleNotWasm,
          "component",
          Reason.ModuleNotWasm);

  private final Cluster cluster;
  private final Requests requests;
  private @TempDir Path modules;
  private Warder warder;
  private Probe neighbour;

  HostileIT(Cluster cluster) {
    this.cluster = cluster;
    this.requests = new Requests(cluster);
  }

  @BeforeEach
  void startWithAGoodPolicy(@TempDir Path store) {
    warder = Warder.start(cluster, store);
    cluster.sampleNamespace(NEIGHBOUR);
    cluster.controlPlane().createNamespace(HOSTILE);
    cluster.kubectl("label", "namespace", HOSTILE, LABEL + "=enabled", "--overwrite");
    cluster.apply(patient(Cluster.sample("no-latest-tag")));
    warder.awaitReady("no-latest-tag");
    assertThat(judgeNeighbour()).isEmpty();
    neighbour = Probe.start(this::judgeNeighbour);
  }

  @AfterEach
  void stop() {
    neighbour.close();
    warder.deleteAll();
    warder.close();
    requests.close();
  }

  @Test
  void misbehavingPoliciesRefuseAndHurtNobody() throws Exception {
    cluster.apply(
        ENDS.keySet().stream()
            .map(name -> hostile(name, Modules.annotated(Modules.hostile(name), "pods", name)))
            .collect(Collectors.joining("---\n")));
    ENDS.keySet().forEach(warder::awaitReady);

    var wrong = new ArrayList<String>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var verdict : threads.invokeAll(hits())) {
        verdict.get().ifPresent(wrong::add);
      }
    }

    assertThat(wrong).isEmpty();
    neighbour.assertNothingWentWrong();
    assertThat(probe("/livez")).isEqualTo(200);
    assertThat(probe("/readyz")).isEqualTo(200);
    cluster.apply(hostile("newcomer", Modules.goodTwin("newcomer")).replace("configmaps", "pods"));
    warder.awaitReady("newcomer");
  }

  @Test
  void modulesThatCannotServeFailAndHurtNobody() throws Exception {
    var reasons = new TreeMap<>(NEVER_SERVED);
    reasons.putAll(NOT_EVEN_A_MODULE);
    cluster.apply(
        reasons.keySet().stream()
            .map(name -> hostile(name, neverServed(name)))
            .collect(Collectors.joining("---\n")));

    var seen = new TreeMap<String, Reason>();
    for (var name : reasons.keySet()) {
      var failed = warder.awaitFailed(name);
      seen.put(name, Reason.valueOf(failed.reason()));
      assertThat(failed.message()).isNotBlank().doesNotContain("Exception").doesNotContain("\n");
    }

    assertThat(seen).isEqualTo(reasons);
    assertThat(cluster.kubectl("get", "validatingwebhookconfigurations", "-o", "name").lines())
        .containsExactly(
            "validatingwebhookconfiguration.admissionregistration.k8s.io/kw.cap.no-latest-tag");
    neighbour.assertNothingWentWrong();
    assertThat(probe("/livez")).isEqualTo(200);
    assertThat(probe("/readyz")).isEqualTo(200);
  }

  private static byte[] neverServed(String name) {
    var module = Modules.hostile(name);
    return NOT_EVEN_A_MODULE.containsKey(name) ? module : Modules.annotated(module, "pods", name);
  }

  private List<Callable<Optional<String>>> hits() {
    var hits = new ArrayList<Callable<Optional<String>>>();
    for (var round = 0; round < ROUNDS; round++) {
      ENDS.forEach(
          (name, fits) -> {
            hits.add(() -> hit(name, "harmless", new Judgement.Admitted()::equals));
            hits.add(() -> hit(name, "misbehave", fits));
          });
    }
    return hits;
  }

  private Optional<String> hit(String name, String text, Predicate<Judgement> fits) {
    var answer = requests.configMap(HOSTILE, Map.of(LABEL, name), text);
    return fits.test(answer) ? Optional.empty() : Optional.of(name + ", " + text + ": " + answer);
  }

  private Optional<String> judgeNeighbour() {
    var good = requests.pod(NEIGHBOUR, "registry.example/app:1");
    var bad = requests.pod(NEIGHBOUR, "registry.example/app:latest");
    return good instanceof Judgement.Admitted && bad.refusedBy("no-latest-tag")
        ? Optional.empty()
        : Optional.of(good + " / " + bad);
  }

  private int probe(String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + warder.runtime().managementPort() + path);
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private String hostile(String name, byte[] module) {
    return """
        apiVersion: policies.kubewarden.io/v1
        kind: ClusterAdmissionPolicy
        metadata: {name: %1$s}
        spec:
          module: %2$s
          mutating: false
          timeoutSeconds: 30
          rules: [{apiGroups: [""], apiVersions: [v1], resources: [configmaps], operations: [CREATE]}]
          namespaceSelector: {matchLabels: {%3$s: enabled}}
          objectSelector: {matchLabels: {%3$s: %1$s}}
        """
        .formatted(name, Modules.stored(modules, name, module), LABEL);
  }

  /** A crowded machine is no fault of a neighbour. */
  private static String patient(String manifest) {
    return manifest.replace("  mutating: false", "  mutating: false\n  timeoutSeconds: 30");
  }

  private static boolean isVerdict(Judgement answer) {
    return !(answer instanceof Judgement.Broken);
  }

  private static Map.Entry<String, Predicate<Judgement>> refused(String name, String text) {
    return Map.entry(
        name,
        answer ->
            answer.refusedBy(name)
                && answer instanceof Judgement.Refused(var message)
                && message.contains(text));
  }
}
