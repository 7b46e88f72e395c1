package dev.warder.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.cli.common.SourceFiles;
import dev.warder.cli.common.VerificationFiles;
import dev.warder.cli.serve.PolicyReport.State;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.Proxies;
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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose policies and certificates come from files that change. */
final class ServeIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path SAMPLE = Path.of("../samples/no-latest-tag").toAbsolutePath();
  private static final String MODULE =
      "module: file://" + SAMPLE.resolve("policy.wasm").normalize();
  private static final String GOOD = "good: {" + MODULE + "}\n";
  private static final String BAD =
      """
      absent: {module: 'file:///absent.wasm', policyMode: monitor, message: never shown}
      settings: {%s, settings: {allow: nothing}}
      wrong: {module: 1}
      group: {policies: {a: {module: x}}, expression: a(), message: no}
      """
          .formatted(MODULE);
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir private Path folder;

  private Optional<ServeRuntime> runtime = Optional.empty();
  private Optional<SSLContext> tls = Optional.empty();

  @AfterEach
  void close() {
    runtime.ifPresent(ServeRuntime::close);
  }

  @Test
  void badPoliciesBesideAGoodOneRefuseWithTheirReasons() throws Exception {
    start(GOOD + BAD, Optional.empty(), false);

    assertThat(running().failed()).isFalse();
    assertThat(running().reports())
        .extracting(PolicyReport::id, PolicyReport::state, ServeIT::reason)
        .containsExactly(
            tuple("good", State.SERVED, Optional.empty()),
            tuple("absent", State.FAILED, Optional.of(Reason.ModuleNotFound)),
            tuple("settings", State.FAILED, Optional.of(Reason.SettingsRejected)),
            tuple("wrong", State.FAILED, Optional.of(Reason.PolicyEntryInvalid)),
            tuple("group", State.FAILED, Optional.of(Reason.PolicyGroupUnsupported)));
    assertThat(verdict("good", "accept").path("allowed").booleanValue()).isTrue();
    assertThat(verdict("good", "reject").path("allowed").booleanValue()).isFalse();
    assertRefused("absent", "bootstrap failure: absent: ModuleNotFound: ");
    assertRefused("settings", "Policy settings are invalid: ");
    assertRefused("wrong", "bootstrap failure: wrong: PolicyEntryInvalid: line ");
    assertRefused("group", "bootstrap failure: group: PolicyGroupUnsupported: ");
    assertThat(post("unknown", "accept").statusCode()).isEqualTo(404);
    assertThat(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(
                            URI.create(
                                "http://127.0.0.1:" + running().managementPort() + "/readiness"))
                        .build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void failFastSaysSo() throws Exception {
    start(GOOD + BAD, Optional.empty(), true);

    assertThat(running().failed()).isTrue();
    assertThat(Report.table(running().reports()))
        .containsPattern("good +served +protect")
        .containsPattern("absent +failed +monitor .*ModuleNotFound");
  }

  @Test
  void aFileThatCannotBeReadIsNoStart() throws Exception {
    var policies = Files.writeString(folder.resolve("policies.yml"), "good: {module");

    assertThat(ServeRuntime.start(config(policies, Optional.empty(), false)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.failure().message()).contains("policies.yml", "line 1"));
  }

  @Test
  void noRequestFailsWhileTheFileChanges() throws Exception {
    start(GOOD, Optional.empty(), false);
    try (var clients = Executors.newSingleThreadExecutor()) {
      var over = new AtomicBoolean();
      var probe = clients.submit(() -> probe(over));

      // Another policy comes, in a file that is renamed to the old one.
      change(GOOD + "more: {" + MODULE + ", message: in other words}\n");
      await().atMost(LONG).until(() -> post("more", "accept").statusCode() == 200);
      assertThat(message("more")).isEqualTo("in other words");

      // Only its rules change: no preparation, and at once.
      change(GOOD + "more: {" + MODULE + ", message: yet others}\n");
      await().atMost(LONG).until(() -> message("more").equals("yet others"));

      // Its new form is bad, so the former one goes on; the first policy is not touched.
      change(GOOD + "more: {module: 'file:///absent.wasm'}\nthird: {" + MODULE + "}\n");
      await().atMost(LONG).until(() -> post("third", "accept").statusCode() == 200);
      assertThat(message("more")).isEqualTo("yet others");

      // What is no map at all changes nothing; then one is taken away.
      Files.writeString(folder.resolve("policies.yml"), "good: {module: [");
      change(GOOD);
      await().atMost(LONG).until(() -> post("more", "accept").statusCode() == 404);
      over.set(true);

      assertThat(probe.get()).isPositive();
    }
  }

  @Test
  void aRenamedCertificateIsServedAndABadPairIsNot() throws Exception {
    var authority = new Certificates();
    var first = authority.issue();
    var files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"), List.of());
    write(folder, first);
    tls = Optional.of(authority.anonymous());
    start(GOOD, Optional.of(files), false);
    assertThat(serial()).isEqualTo(first.serial());

    var second = authority.issue();
    rename("tls.crt", second.certificatePem());
    assertThat(verdict("good", "accept").path("allowed").booleanValue()).isTrue();
    rename("tls.key", second.keyPem());
    await().atMost(LONG).until(() -> serial().equals(second.serial()));

    rename("tls.crt", authority.issue().certificatePem());
    var third = authority.issue();
    // A refused pair in between must not keep the next good one from being taken.
    await()
        .during(Duration.ofSeconds(1))
        .atMost(LONG)
        .until(() -> serial().equals(second.serial()));
    write(folder, third);
    await().atMost(LONG).until(() -> serial().equals(third.serial()));
  }

  @Test
  void aMountedSecretThatIsSwappedIsServedToClientsThatShowACertificate() throws Exception {
    var authority = new Certificates();
    var first = authority.issue();
    var mount = Files.createDirectory(folder.resolve("mount"));
    swap(mount, "..2026_1", first);
    for (var name : List.of("tls.crt", "tls.key")) {
      Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
    }
    var clients = new Certificates();
    var client = Files.writeString(folder.resolve("clients.crt"), clients.authorityPem());
    tls = Optional.of(authority.showing(clients.issue()));
    start(
        GOOD,
        Optional.of(
            new TlsFiles(mount.resolve("tls.crt"), mount.resolve("tls.key"), List.of(client))),
        false);
    assertThat(verdict("good", "accept").path("allowed").booleanValue()).isTrue();
    assertThat(serial()).isEqualTo(first.serial());

    var second = authority.issue();
    swap(mount, "..2026_2", second);
    await().atMost(LONG).until(() -> serial().equals(second.serial()));

    assertThat(verdict("good", "accept").path("allowed").booleanValue()).isTrue();
    tls = Optional.of(authority.anonymous());
    assertThatThrownBy(() -> post("good", "accept")).isInstanceOf(IOException.class);
  }

  private int probe(AtomicBoolean over) throws Exception {
    var asked = 0;
    for (; !over.get(); asked++) {
      assertThat(verdict("good", "accept").path("allowed").booleanValue()).isTrue();
    }
    return asked;
  }

  private void start(String policies, Optional<TlsFiles> files, boolean failFast) throws Exception {
    var file = Files.writeString(folder.resolve("policies.yml"), policies);
    runtime =
        switch (ServeRuntime.start(config(file, files, failFast))) {
          case Outcome.Done<ServeRuntime>(var started) -> Optional.of(started);
          case Outcome.Failed<ServeRuntime>(var failure) -> throw new AssertionError(failure);
        };
  }

  private ServeConfig config(Path policies, Optional<TlsFiles> files, boolean failFast) {
    return new ServeConfig(
        policies,
        new AdmissionServerOptions("127.0.0.1", 0, 0, AdmissionLimits.defaults()),
        files,
        folder.resolve("store"),
        ProgramStorage.in(folder.resolve("store")),
        FetchLimits.defaults(),
        new TrustFiles(
            new SourceFiles(Optional.empty(), Optional.empty(), false, Set.of(), Proxies.none()),
            new VerificationFiles(Optional.empty(), Optional.empty()),
            VerificationLoss.KEEP),
        Optional.empty(),
        EvaluationBudget.defaults().withTime(Duration.ofSeconds(20)),
        Duration.ZERO,
        failFast,
        Duration.ofMillis(100),
        Optional.empty());
  }

  private ServeRuntime running() {
    return runtime.orElseThrow();
  }

  private void change(String policies) throws IOException {
    rename("policies.yml", policies);
  }

  private void rename(String name, String content) throws IOException {
    var next = Files.writeString(folder.resolve(name + ".new"), content);
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void write(Path folder, Certificates.Pair pair) throws IOException {
    Files.writeString(folder.resolve("tls.crt"), pair.certificatePem());
    Files.writeString(folder.resolve("tls.key"), pair.keyPem());
  }

  /** As the kubelet refreshes the volume of a Secret. */
  private static void swap(Path mount, String edition, Certificates.Pair pair) throws IOException {
    write(Files.createDirectory(mount.resolve(edition)), pair);
    var link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(edition));
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void assertRefused(String id, String words) throws Exception {
    var verdict = verdict(id, "accept");
    assertThat(verdict.path("allowed").booleanValue()).isFalse();
    assertThat(verdict.at("/status/code").intValue()).isEqualTo(500);
    assertThat(verdict.at("/status/message").textValue()).startsWith(words);
    assertThat(verdict.path("uid").textValue()).isNotEmpty();
  }

  private static Optional<Reason> reason(PolicyReport report) {
    return report.failure().map(failure -> failure.reason());
  }

  private String message(String id) throws Exception {
    return verdict(id, "reject").at("/status/message").asText();
  }

  private JsonNode verdict(String id, String request) throws Exception {
    var response = post(id, request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).path("response");
  }

  private HttpResponse<String> post(String id, String request)
      throws IOException, InterruptedException {
    var client = HttpClient.newBuilder();
    tls.ifPresent(client::sslContext);
    var review =
        "{\"request\":%s}"
            .formatted(Files.readString(SAMPLE.resolve("requests").resolve(request + ".json")));
    var address =
        "%s://127.0.0.1:%d/validate/%s?timeout=30s"
            .formatted(tls.isPresent() ? "https" : "http", running().port(), id);
    try (var http = client.build()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(address))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(review))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private String serial() throws IOException {
    var factory = tls.orElseThrow().getSocketFactory();
    try (var socket = (SSLSocket) factory.createSocket("127.0.0.1", running().port())) {
      socket.startHandshake();
      var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return leaf.getSerialNumber().toString(16);
    }
  }
}
