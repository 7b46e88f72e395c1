package dev.warder.operator.policyserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.crd.PolicyServer;
import dev.warder.crd.PolicyServerSpec;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.Credential;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.VerificationLoss;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private static final String KEY =
      """
      apiVersion: v1
      allOf:
      - kind: genericIssuer
        issuer: https://issuer.example
        subject: {equal: someone@our.example}
      """;

  private final Map<String, Secret> secrets = new HashMap<>();
  private final Map<String, ConfigMap> configMaps = new HashMap<>();
  private final Sources base = Sources.none().withInsecureHosts(Set.of("started.example"));
  private TrustRoot publicRoot = TrustRoot.publicGood();
  private final SettingsReader reader =
      new SettingsReader(
          base,
          "warder-system",
          name -> Optional.ofNullable(secrets.get(name)),
          name -> Optional.ofNullable(configMaps.get(name)),
          () -> publicRoot);

  @Test
  void withoutAPolicyServerWhatWarderWasStartedWithHolds() {
    var settings = Outcomes.value(reader.read(Optional.empty()));

    assertThat(settings.sources()).isEqualTo(base);
    assertThat(settings.required()).isEmpty();
    assertThat(settings.onLoss()).isEqualTo(VerificationLoss.KEEP);
    assertThat(settings.trust()).isEqualTo("none");
  }

  @Test
  void aRefreshedPublicTrustRootIsAnotherRequirement() throws IOException {
    configMap("signers", "verification-config", KEY);
    var server = server("{verificationConfig: signers}");
    var inputs = reader.inputs(Optional.of(server));
    var before = Outcomes.value(reader.read(Optional.of(server)));
    assertThat(before.required().orElseThrow().goesBy(publicRoot)).isTrue();

    publicRoot = Outcomes.value(TrustRoot.parse(withASpace("public-good-trusted-root.json")));

    assertThat(reader.inputs(Optional.of(server))).isNotEqualTo(inputs);
    var now = Outcomes.value(reader.read(Optional.of(server)));
    assertThat(now.trust()).isNotEqualTo(before.trust());
    assertThat(now.required().orElseThrow().goesBy(publicRoot)).isTrue();
    assertThat(before.required().orElseThrow().goesBy(publicRoot)).isFalse();
  }

  private static byte[] withASpace(String name) throws IOException {
    try (var in = Objects.requireNonNull(TrustRoot.class.getResourceAsStream(name))) {
      return (new String(in.readAllBytes(), StandardCharsets.UTF_8) + " ")
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void readsWhatThePolicyServerNames() {
    secret("pull", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", login("a", "secret"));
    configMap("signers", "verification-config", KEY);
    var settings =
        Outcomes.value(
            read(
                "{imagePullSecret: pull, verificationConfig: signers, insecureSources: [b.example]}"));

    assertThat(settings.sources().insecureHosts())
        .containsExactlyInAnyOrder("started.example", "b.example");
    assertThat(settings.sources().credentials().find("registry.example", "any"))
        .contains(new Credential.Basic("a", "secret"));
    assertThat(settings.required()).isPresent();
    assertThat(settings.trust()).startsWith("sha256:");
  }

  @Test
  void equalInputsAreEqualAndEachChangeIsOne() {
    secret("pull", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", login("a", "secret"));
    configMap("signers", "verification-config", KEY);
    var server = server("{imagePullSecret: pull, verificationConfig: signers}");
    var before = reader.inputs(Optional.of(server));

    assertThat(
            reader.inputs(
                Optional.of(server("{imagePullSecret: pull, verificationConfig: signers}"))))
        .isEqualTo(before);
    secret("pull", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", login("a", "other"));
    var rotated = reader.inputs(Optional.of(server));
    assertThat(rotated).isNotEqualTo(before);
    configMap("signers", "verification-config", KEY + "# changed\n");
    assertThat(reader.inputs(Optional.of(server))).isNotEqualTo(rotated);
    configMaps.clear();
    assertThat(reader.inputs(Optional.of(server))).isNotEqualTo(rotated);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{imagePullSecret: none}|PolicyServerInvalid|there is no Secret warder-system/none",
        "{imagePullSecret: opaque}|PolicyServerInvalid|is of type Opaque",
        "{imagePullSecret: empty}|PolicyServerInvalid|has no key .dockerconfigjson",
        "{imagePullSecret: garbled}|CredentialsInvalid|Secret warder-system/garbled",
        "{verificationConfig: none}|PolicyServerInvalid|there is no ConfigMap warder-system/none",
        "{verificationConfig: other}|PolicyServerInvalid|has no key verification-config",
        "{verificationConfig: wrong}|VerificationConfigInvalid|bogus",
        "{sigstoreTrustConfig: other}|PolicyServerInvalid|without spec.verificationConfig",
        "{verificationConfig: signers, sigstoreTrustConfig: other}|PolicyServerInvalid|has no key sigstore-trust-config",
        "{verificationConfig: signers, sigstoreTrustConfig: root}|TrustRootInvalid|",
        "{sourceAuthorities: {a.example: [none]}}|SourcesInvalid|a.example",
      })
  void whatCannotBeUsedHasItsReason(String spec, Reason reason, String part) {
    secret("opaque", "Opaque", ".dockerconfigjson", login("a", "b"));
    secret("empty", "kubernetes.io/dockerconfigjson", "other", "");
    secret("garbled", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{");
    configMap("signers", "verification-config", KEY);
    configMap("other", "other", "");
    configMap("wrong", "verification-config", "bogus: 1");
    configMap("root", "sigstore-trust-config", "{}");

    var failure = Outcomes.failure(read(spec));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure).extracting(Failure::message).asString().contains(part == null ? "" : part);
  }

  @Test
  void onLossIsKeepOrReject() {
    assertThat(Outcomes.value(onLoss("reject"))).isEqualTo(VerificationLoss.REJECT);
    assertThat(Outcomes.value(onLoss("keep"))).isEqualTo(VerificationLoss.KEEP);
    assertThat(Outcomes.failure(onLoss("Reject")).reason()).isEqualTo(Reason.PolicyServerInvalid);
  }

  private static Outcome<VerificationLoss> onLoss(String text) {
    var server = server("{}");
    server.getMetadata().setAnnotations(Map.of(SettingsReader.ON_LOSS, text));
    return SettingsReader.onLoss(server);
  }

  private Outcome<InstanceSettings> read(String spec) {
    return reader.read(Optional.of(server(spec)));
  }

  private static PolicyServer server(String spec) {
    var server = new PolicyServer();
    server.setSpec(Serialization.unmarshal("---\n" + spec, PolicyServerSpec.class));
    return server;
  }

  private static String login(String user, String password) {
    var auth =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    return "{\"auths\": {\"registry.example\": {\"auth\": \"" + auth + "\"}}}";
  }

  private void secret(String name, String type, String key, String content) {
    secrets.put(
        name,
        new SecretBuilder()
            .withType(type)
            .withData(
                Map.of(
                    key,
                    Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8))))
            .build());
  }

  private void configMap(String name, String key, String content) {
    configMaps.put(name, new ConfigMapBuilder().withData(Map.of(key, content)).build());
  }
}
