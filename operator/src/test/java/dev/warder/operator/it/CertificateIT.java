package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.fetch.FetchLimits;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The authority and the certificate of the webhook, which live in a Secret. */
@ExtendWith(Cluster.Extension.class)
class CertificateIT {
  private static final int IP_ADDRESS = 7;
  private static final int DNS_NAME = 2;

  private final Cluster cluster;
  private final List<Warder> running = new ArrayList<>();
  private @TempDir Path store;

  CertificateIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void forget() {
    cluster.kubectl(
        "delete", "secret", "warder-tls", "-n", Cluster.NAMESPACE, "--ignore-not-found");
  }

  @AfterEach
  void stop() {
    running.forEach(Warder::close);
  }

  @Test
  void isMadeAtTheFirstStart() throws Exception {
    var warder = start();

    var secret = secret();
    assertThat(secret.getType()).isEqualTo("kubernetes.io/tls");
    assertThat(secret.getData()).containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
    assertThat(secret.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "warder")
        .containsEntry("app.kubernetes.io/instance", "default");
    var certificate = certificate("tls.crt");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(IP_ADDRESS, "127.0.0.1"));
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate("ca.crt").getBasicConstraints()).isNotNegative();
    assertThat(shownBy(warder)).isEqualTo(certificate);
  }

  @Test
  void isUsedAgainAfterARestart() throws Exception {
    start().close();
    var before = secret();

    var again = start();

    assertThat(secret()).isEqualTo(before);
    assertThat(shownBy(again)).isEqualTo(certificate("tls.crt"));
  }

  @Test
  void isRenewedForAnotherHostByTheSameAuthority() throws Exception {
    start().close();
    var before = secret().getData();

    var moved = started("localhost");

    assertThat(secret().getData())
        .containsEntry("ca.crt", before.get("ca.crt"))
        .containsEntry("ca.key", before.get("ca.key"));
    assertThat(certificate("tls.crt").getSubjectAlternativeNames())
        .containsExactly(List.of(DNS_NAME, "localhost"));
    certificate("tls.crt").verify(certificate("ca.crt").getPublicKey());
    assertThat(secret().getData().get("tls.key")).isNotEqualTo(before.get("tls.key"));
    assertThat(new WebhookClient(cluster, "localhost", moved.runtime().webhookPort()).certificate())
        .isEqualTo(certificate("tls.crt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca.crt", "ca.key", "tls.crt", "tls.key"})
  void garbageIsReplaced(String key) throws Exception {
    start().close();
    put(key, "garbage");

    var warder = start();

    assertThat(text(key)).contains("-----BEGIN");
    assertThat(shownBy(warder)).isEqualTo(certificate("tls.crt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca.key", "tls.key"})
  void keysThatFitNoCertificateAreReplaced(String key) throws Exception {
    start().close();
    var foreign = foreignKey();
    put(key, foreign);

    var warder = start();
    warder.close();
    // A renewal is what would sign with a wrong key of the authority.
    var moved = started("localhost");

    assertThat(text(key)).isNotEqualTo(foreign);
    assertThat(new WebhookClient(cluster, "localhost", moved.runtime().webhookPort()).certificate())
        .isEqualTo(certificate("tls.crt"));
  }

  @Test
  void twoThatStartAtOnceAgree(@TempDir Path otherStore) throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      var starts =
          List.<Callable<Warder>>of(
              () -> Warder.start(cluster, store), () -> Warder.start(cluster, otherStore));
      for (var warder : threads.invokeAll(starts)) {
        running.add(warder.get());
      }
    }

    assertThat(running).hasSize(2);
    for (var warder : running) {
      assertThat(shownBy(warder)).isEqualTo(certificate("tls.crt"));
    }
  }

  @Test
  void webhookConfigurationsFollowANewAuthority() {
    var namespace = "certificate";
    cluster.sampleNamespace(namespace);
    var first = start();
    cluster.apply(Cluster.sample("no-latest-tag"));
    first.awaitReady("no-latest-tag");
    var former = secret().getData().get("ca.crt");
    assertThat(caBundle()).isEqualTo(former);
    first.close();
    forget();

    var second = start();

    try (var requests = new Requests(cluster)) {
      var present = secret().getData().get("ca.crt");
      assertThat(present).isNotEqualTo(former);
      await().atMost(Duration.ofSeconds(60)).until(() -> caBundle().equals(present));
      // The API server's own cache of webhook configurations may be a moment behind.
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(requests.pod(namespace, "registry.example/app:1"))
                      .isInstanceOf(Judgement.Admitted.class));
      assertThat(requests.pod(namespace, "registry.example/app:latest"))
          .matches(answer -> answer.refusedBy("no-latest-tag"));
    } finally {
      second.deleteAll();
    }
  }

  private Warder start() {
    return started("127.0.0.1");
  }

  private Warder started(String host) {
    var warder = Warder.start(cluster, store, FetchLimits.defaults(), Set.of(), host);
    running.add(warder);
    return warder;
  }

  private X509Certificate shownBy(Warder warder) throws Exception {
    return new WebhookClient(cluster, warder.runtime().webhookPort()).certificate();
  }

  private String caBundle() {
    return cluster.kubectl(
        "get",
        "validatingwebhookconfiguration",
        "kw.cap.no-latest-tag",
        "-o",
        "jsonpath={.webhooks[0].clientConfig.caBundle}");
  }

  private Secret secret() {
    return cluster.admin().secrets().inNamespace(Cluster.NAMESPACE).withName("warder-tls").get();
  }

  private String text(String key) {
    return new String(
        Base64.getDecoder().decode(secret().getData().get(key)), StandardCharsets.UTF_8);
  }

  private X509Certificate certificate(String key) throws Exception {
    var pem = new ByteArrayInputStream(text(key).getBytes(StandardCharsets.UTF_8));
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
  }

  private void put(String key, String value) {
    var secret = secret();
    secret.setStringData(Map.of(key, value));
    cluster.admin().resource(secret).update();
  }

  private static String foreignKey() throws Exception {
    var key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
    return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(key.getEncoded()));
  }
}
