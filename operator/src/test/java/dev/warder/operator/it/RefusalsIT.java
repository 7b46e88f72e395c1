package dev.warder.operator.it;

import static dev.warder.operator.it.Modules.annotated;
import static dev.warder.operator.it.Modules.good;
import static dev.warder.operator.it.Modules.hostile;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.crd.PolicyCondition;
import dev.warder.operator.status.Kstatus;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.metadata.ExecutionMode;
import dev.warder.policy.metadata.MetadataSection;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way in which a policy cannot be prepared: its own reason, and nothing is enforced. */
@ExtendWith(Cluster.Extension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsIT {
  private static final String NAMESPACE = "refusals";
  private static final byte[] PREAMBLE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  /** A code section that promises five bodies and has none. */
  private static final byte[] BROKEN_CODE = {10, 1, 5};

  private final Cluster cluster;
  private Path modules;
  private int latePort;
  private Warder warder;
  private WebhookClient webhook;

  record Refusal(PolicyManifest manifest, Reason reason, String says) {
    @Override
    public String toString() {
      return manifest.name();
    }
  }

  RefusalsIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start(@TempDir Path folder, @TempDir Path store) throws Exception {
    modules = folder;
    latePort = freePort();
    warder = Warder.start(cluster, store, FetchLimits.defaults(), Set.of("127.0.0.1:" + latePort));
    webhook = new WebhookClient(cluster, warder.runtime().webhookPort());
    cluster.controlPlane().createNamespace(NAMESPACE);
    refusals().forEach(refusal -> cluster.apply(refusal.manifest().json()));
  }

  @AfterAll
  void stop() {
    warder.deleteAll();
    warder.close();
  }

  Stream<Refusal> refusals() {
    var trap = hostile("trap");
    return Stream.of(
        module("scheme", "ftp://127.0.0.1/policy.wasm", Reason.ModuleReferenceInvalid, "ftp://"),
        module("no-file", "file:///no/such.wasm", Reason.ModuleNotFound, "/no/such.wasm"),
        module(
            "plain-http", "http://127.0.0.1:1/p.wasm", Reason.ModuleSourceForbidden, "127.0.0.1:1"),
        module("not-wasm", hostile("not-wasm"), Reason.ModuleNotWasm, "WebAssembly"),
        module("no-metadata", trap, Reason.MetadataMissing, "annotate"),
        module("bad-metadata", withMetadata(trap, "[]"), Reason.MetadataInvalid, "metadata"),
        module(
            "wapc",
            withMetadata(trap, ExecutionMode.KUBEWARDEN_WAPC, Optional.empty()),
            Reason.ExecutionModeUnsupported,
            "kubewarden-wapc"),
        module(
            "too-new",
            withMetadata(trap, ExecutionMode.WASI, Optional.of("99.1.0")),
            Reason.KubewardenVersionUnsupported,
            "99.1"),
        module(
            "foreign-import",
            annotated(hostile("unknown-import"), "pods", "foreign"),
            Reason.ModuleImportUnknown,
            "env.foo"),
        module(
            "malformed",
            annotated(joined(PREAMBLE, BROKEN_CODE), "pods", "malformed"),
            Reason.ModuleCompileFailed,
            ""),
        new Refusal(
            PolicyManifest.noLatestTag("bad-settings", NAMESPACE)
                .with("settings", Map.of("allow", "everything")),
            Reason.SettingsRejected,
            "settings.allow must be a list of image prefixes"),
        module(
            "settings-loop",
            annotated(hostile("settings-loop"), "pods", "settings-loop"),
            Reason.TrialTimedOut,
            "time budget of 2 s"),
        module(
            "rehearsal-trap",
            annotated(hostile("trap-always"), "pods", "rehearsal-trap"),
            Reason.RehearsalFailed,
            "CREATE of Pod"),
        module(
            "rehearsal-loop",
            annotated(hostile("start-loop"), "pods", "rehearsal-loop"),
            Reason.TrialTimedOut,
            "time budget of 2 s"),
        new Refusal(
            PolicyManifest.noLatestTag("bad-condition", NAMESPACE)
                .with(
                    "matchConditions",
                    List.of(Map.of("name", "broken", "expression", "request.nonsense >"))),
            Reason.WebhookConfigurationRejected,
            "matchConditions"));
  }

  @ParameterizedTest
  @MethodSource
  void refusals(Refusal refusal) throws Exception {
    var name = refusal.manifest().name();
    var policy = warder.await(name, p -> Warder.is(p, "Ready", "False"));

    var retried = refusal.reason().retryable();
    var ready = Warder.condition(policy, "Ready").orElseThrow();
    assertThat(ready.reason()).isEqualTo(refusal.reason().name());
    assertThat(ready.message()).contains(refusal.says()).doesNotContain("Exception", "\n");
    assertThat(Warder.condition(policy, "Reconciling").map(PolicyCondition::reason))
        .isEqualTo(retried ? Optional.of(refusal.reason().name()) : Optional.empty());
    assertThat(Warder.condition(policy, "Stalled").map(PolicyCondition::reason))
        .isEqualTo(retried ? Optional.empty() : Optional.of(refusal.reason().name()));
    assertThat(Warder.condition(policy, "Enforced").orElseThrow())
        .returns("False", PolicyCondition::status)
        .returns(Reason.PolicyNotServed.name(), PolicyCondition::reason);
    assertThat(policy.getStatus().conditions())
        .allSatisfy(c -> assertThat(c.observedGeneration()).isEqualTo(1));
    assertThat(policy.getStatus().servingGeneration()).isNull();
    assertThat(Kstatus.of(1, policy.getStatus()))
        .isEqualTo(retried ? Kstatus.IN_PROGRESS : Kstatus.FAILED);

    var traces = new Traces(cluster, name);
    Warder.eventually("an Event " + refusal.reason())
        .untilAsserted(() -> assertThat(traces.events(refusal.reason().name())).hasSize(1));
    assertThat(traces.events())
        .singleElement()
        .returns("Warning", event -> event.getType())
        .returns(policy.getMetadata().getUid(), event -> event.getRegarding().getUid());
    assertThat(traces.webhook()).isFalse();
    assertThat(traces.kept()).isEmpty();
    assertThat(webhook.status("/validate/" + traces.id(), Reviews.podCreation("app:1")))
        .isEqualTo(404);
  }

  @Test
  void lateSourceIsTriedUntilItIsThere() throws Exception {
    var url = "http://127.0.0.1:" + latePort + "/policy.wasm";
    cluster.apply(PolicyManifest.noLatestTag("late", NAMESPACE).with("module", url).json());

    var retried = warder.awaitRetrying("late");
    assertThat(retried.reason()).isEqualTo(Reason.ModuleSourceUnreachable.name());
    assertThat(new Traces(cluster, "late").webhook()).isFalse();

    var source =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), latePort), 0);
    try {
      source.createContext(
          "/policy.wasm",
          exchange -> {
            exchange.sendResponseHeaders(200, good().length);
            exchange.getResponseBody().write(good());
            exchange.close();
          });
      source.start();

      var policy = warder.awaitReady("late");
      assertThat(policy.getStatus().servingGeneration()).isEqualTo(1);
      assertThat(policy.getStatus().module().reference()).isEqualTo(url);
      assertThat(new Traces(cluster, "late").webhook()).isTrue();
    } finally {
      source.stop(0);
    }
  }

  private static Refusal module(String name, String module, Reason reason, String says) {
    return new Refusal(
        PolicyManifest.noLatestTag(name, NAMESPACE).with("module", module), reason, says);
  }

  private Refusal module(String name, byte[] module, Reason reason, String says) {
    return module(name, Modules.stored(modules, name, module), reason, says);
  }

  private static byte[] withMetadata(byte[] module, ExecutionMode mode, Optional<String> minimum) {
    var metadata =
        new PolicyMetadata(
            Optional.empty(),
            List.of(),
            Map.of(),
            false,
            true,
            mode,
            PolicyType.KUBERNETES,
            Set.of(),
            Set.of(),
            minimum);
    return switch (MetadataWriter.annotate(module, metadata)) {
      case Outcome.Done<byte[]>(var bytes) -> bytes;
      case Outcome.Failed<byte[]>(var failure) -> throw new AssertionError(failure.message());
    };
  }

  /** Appends a custom section; its lengths must fit into one byte each. */
  private static byte[] withMetadata(byte[] module, String content) {
    var name = MetadataSection.NAME.getBytes(StandardCharsets.UTF_8);
    var text = content.getBytes(StandardCharsets.UTF_8);
    var head = new byte[] {0, (byte) (1 + name.length + text.length), (byte) name.length};
    return joined(module, head, name, text);
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    Stream.of(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
