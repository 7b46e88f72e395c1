package dev.warder.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.cli.common.SourceFiles;
import dev.warder.cli.common.VerificationFiles;
import dev.warder.cli.serve.PolicyReport.State;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.Proxies;
import dev.warder.policy.testing.PrivateRegistry;
import dev.warder.policy.testing.PrivateRegistry.Form;
import dev.warder.policy.testing.TestTls;
import dev.warder.policy.verify.VerificationLoss;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.ProgramStorage;
import dev.warder.webhook.http.AdmissionLimits;
import dev.warder.webhook.http.AdmissionServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose sources, credentials and required signatures come from files that change. */
final class ServeTrustIT {
  private static final Path SAMPLE = Path.of("../samples/no-latest-tag");
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private final Map<String, String> keys = new HashMap<>();
  private PrivateRegistry registry;
  private String module;
  private Optional<ServeRuntime> runtime = Optional.empty();

  @BeforeEach
  void publish() throws IOException {
    registry = PrivateRegistry.start(Files.createDirectory(folder.resolve("registry")));
    module =
        registry.push("policies/tags", "v1", Files.readAllBytes(SAMPLE.resolve("policy.wasm")));
    write("policies.yml", "tags: {module: 'registry://" + registry.host() + "/policies/tags:v1'}");
    write(
        "sources.yml",
        "source_authorities: {'%s': [{type: Path, path: ca.pem}]}".formatted(registry.host()));
    write("ca.pem", registry.authority());
    write("config.json", registry.dockerConfig(PrivateRegistry.PASSWORD));
    write("verification.yml", required("ours"));
    registry.sign(module, "ours", Form.BUNDLE);
  }

  @AfterEach
  void close() {
    runtime.ifPresent(ServeRuntime::close);
    registry.close();
  }

  @Test
  void anotherPasswordAndAnotherAuthorityNeedNoRestart() throws Exception {
    write("config.json", registry.dockerConfig("wrong"));
    var stranger =
        TestTls.create(Files.createDirectory(folder.resolve("stranger")), "ip:127.0.0.1");
    write("ca.pem", stranger.certificatePem());
    start(VerificationLoss.KEEP);
    assertThat(report().state()).isEqualTo(State.FAILED);

    write("ca.pem", registry.authority());
    awaitReason(Reason.ModuleSourceDenied);

    write("config.json", "not even JSON");
    write("config.json", registry.dockerConfig(PrivateRegistry.PASSWORD));
    awaitState(State.SERVED);
    assertThat(status()).isEqualTo(200);
  }

  @Test
  void aModuleThatNoLongerPassesGoesOnBeingServed() throws Exception {
    start(VerificationLoss.KEEP);
    assertThat(report().state()).isEqualTo(State.SERVED);

    write("verification.yml", required("theirs"));
    awaitState(State.UNVERIFIED);
    assertThat(report().failure().orElseThrow().reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(status()).isEqualTo(200);

    registry.sign(module, "theirs", Form.BUNDLE);
    // Another form of the same policy is judged by the same requirement.
    write(
        "policies.yml",
        Files.readString(folder.resolve("policies.yml")).replace("{", "{policyMode: monitor, "));
    awaitState(State.SERVED);
    assertThat(report().mode()).contains("monitor");
  }

  @Test
  void aModuleThatNoLongerPassesJudgesNothingIfToldSo() throws Exception {
    start(VerificationLoss.REJECT);
    assertThat(status()).isEqualTo(200);

    write("verification.yml", required("theirs"));
    awaitState(State.SUSPENDED);
    assertThat(status()).isEqualTo(503);

    // Nothing that is not about signatures gives it back.
    write(
        "policies.yml",
        Files.readString(folder.resolve("policies.yml")).replace("{", "{policyMode: monitor, "));
    await().atMost(LONG).until(() -> report().mode().equals(Optional.of("monitor")));
    assertThat(report().state()).isEqualTo(State.SUSPENDED);
    assertThat(status()).isEqualTo(503);

    write("verification.yml", "apiVersion: v1\nallOf: []\n");
    write("verification.yml", "allOf: {");
    write("verification.yml", required("ours"));
    awaitState(State.SERVED);
    assertThat(status()).isEqualTo(200);
  }

  private String required(String key) {
    return "apiVersion: v1\nallOf:\n- kind: pubKey\n  key: |\n    "
        + keys.computeIfAbsent(key, registry::key).strip().replace("\n", "\n    ");
  }

  private void start(VerificationLoss onLoss) throws InterruptedException {
    var config =
        new ServeConfig(
            folder.resolve("policies.yml"),
            new AdmissionServerOptions("127.0.0.1", 0, 0, AdmissionLimits.defaults()),
            Optional.empty(),
            folder.resolve("store"),
            ProgramStorage.in(folder.resolve("store")),
            FetchLimits.defaults(),
            new TrustFiles(
                new SourceFiles(
                    Optional.of(folder.resolve("sources.yml")),
                    Optional.of(folder),
                    false,
                    Set.of(),
                    Proxies.none()),
                new VerificationFiles(
                    Optional.of(folder.resolve("verification.yml")), Optional.empty()),
                onLoss),
            Optional.empty(),
            EvaluationBudget.defaults().withTime(Duration.ofSeconds(20)),
            Duration.ZERO,
            false,
            Duration.ofMillis(100),
            Optional.empty());
    runtime =
        switch (ServeRuntime.start(config)) {
          case Outcome.Done<ServeRuntime>(var started) -> Optional.of(started);
          case Outcome.Failed<ServeRuntime>(var failure) -> throw new AssertionError(failure);
        };
  }

  private PolicyReport report() {
    return runtime.orElseThrow().reports().getFirst();
  }

  private void awaitState(State state) {
    await().atMost(LONG).until(() -> report().state(), state::equals);
  }

  private void awaitReason(Reason reason) {
    await()
        .atMost(LONG)
        .until(() -> report().failure().map(one -> one.reason()), Optional.of(reason)::equals);
  }

  private int status() throws IOException, InterruptedException {
    var request = Files.readString(SAMPLE.resolve("requests/accept.json"));
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:" + runtime.orElseThrow().port() + "/validate/tags"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"request\": " + request + "}"))
                  .build(),
              BodyHandlers.ofString())
          .statusCode();
    }
  }

  private void write(String name, String content) throws IOException {
    var next = Files.writeString(folder.resolve(name + ".new"), content);
    Files.move(
        next,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
