package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.cli.serve.TlsFiles;
import dev.warder.cli.serve.TrustFiles;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.VerificationLoss;
import dev.warder.policy.wasi.EvaluationBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class ServeCommandTest {
  private @TempDir Path folder;

  @Test
  void withoutOptionsItListensWherePolicyServerDoes() {
    var config = parse(Map.of()).config();

    assertThat(config.policies()).isEqualTo(Path.of("policies.yml").toAbsolutePath());
    assertThat(config.server().host()).isEqualTo("0.0.0.0");
    assertThat(config.server().port()).isEqualTo(3000);
    assertThat(config.server().managementPort()).isEqualTo(8081);
    assertThat(config.tls()).isEmpty();
    assertThat(config.budget()).isEqualTo(EvaluationBudget.defaults());
    assertThat(config.failFast()).isFalse();
  }

  @Test
  void everyOptionReachesTheConfiguration() {
    var config =
        parse(
                Map.of(),
                "--policies=/p.yml",
                "--addr=127.0.0.1",
                "--port=0",
                "--readiness-probe-port=9000",
                "--cert-file=c",
                "--key-file=k",
                "--client-ca-file=a,b",
                "--policies-download-dir=/d",
                "--policy-timeout=7",
                "--workers=3",
                "--queue=9",
                "--fail-fast",
                "--insecure-source=a:5000",
                "--on-verification-loss=reject",
                "--no-trust-root-refresh")
            .config();

    assertThat(config.policies()).isEqualTo(Path.of("/p.yml"));
    assertThat(config.server().host()).isEqualTo("127.0.0.1");
    assertThat(config.server().port()).isZero();
    assertThat(config.server().managementPort()).isEqualTo(9000);
    assertThat(config.server().limits().workers()).isEqualTo(3);
    assertThat(config.server().limits().queuedRequests()).isEqualTo(9);
    assertThat(config.tls())
        .contains(new TlsFiles(Path.of("c"), Path.of("k"), List.of(Path.of("a"), Path.of("b"))));
    assertThat(config.store()).isEqualTo(Path.of("/d"));
    assertThat(config.budget().time()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.failFast()).isTrue();
    assertThat(config.trust().sources().insecureHosts()).containsExactly("a:5000");
    assertThat(config.trust().onLoss()).isEqualTo(VerificationLoss.REJECT);
    assertThat(config.trustRoot()).isEmpty();
  }

  @Test
  void takesTheVariablesOfPolicyServerButItsOwnFirst() {
    var config =
        parse(
                Map.of(
                    "KUBEWARDEN_BIND_ADDRESS", "127.0.0.9",
                    "KUBEWARDEN_PORT", "8443",
                    "KUBEWARDEN_POLICIES", "/config/policies.yml",
                    "KUBEWARDEN_WORKERS", "2",
                    "WARDER_WORKERS", "5",
                    "WARDER_STORE", "/s",
                    "KUBEWARDEN_POLICIES_DOWNLOAD_DIR", "/tmp"))
            .config();

    assertThat(config.server().host()).isEqualTo("127.0.0.9");
    assertThat(config.server().port()).isEqualTo(8443);
    assertThat(config.policies()).isEqualTo(Path.of("/config/policies.yml"));
    assertThat(config.server().limits().workers()).isEqualTo(5);
    assertThat(config.store()).isEqualTo(Path.of("/s"));
  }

  @Test
  void whatTheKubeletSaysAboutAServiceIsNoPort() {
    var config =
        parse(Map.of("WARDER_PORT", "tcp://10.0.0.1:443", "KUBEWARDEN_PORT", "udp://10.0.0.2:53"))
            .config();

    assertThat(config.server().port()).isEqualTo(3000);
  }

  @Test
  void certificateAndKeyBelongTogether() {
    for (var option : List.of("--cert-file=c", "--key-file=k", "--client-ca-file=a")) {
      assertThatThrownBy(() -> parse(Map.of(), option).config())
          .isInstanceOf(ParameterException.class)
          .hasMessageContaining("belong together");
    }
  }

  @Test
  void verificationTrustAndSourcesComeFromPolicyServersVariables() throws IOException {
    var key =
        """
        apiVersion: v1
        allOf: [{kind: genericIssuer, issuer: https://a.example, subject: {equal: someone}}]
        """;
    var config = Files.writeString(folder.resolve("verification.yml"), key);
    var sources = Files.writeString(folder.resolve("sources.yml"), "insecure_sources: [a.example]");
    var environment =
        Map.of(
            "KUBEWARDEN_VERIFICATION_CONFIG_PATH", config.toString(),
            "KUBEWARDEN_SOURCES_PATH", sources.toString());

    var served = parse(environment).config().trust();

    assertThat(required(served)).isPresent();
    assertThat(Outcomes.value(served.sources().read()).insecureHosts())
        .containsExactly("a.example");
    var without = parse(Map.of()).config();
    assertThat(required(without.trust())).isEmpty();
    assertThat(without.trust().onLoss()).isEqualTo(VerificationLoss.KEEP);
    assertThat(without.trustRoot()).isPresent();
  }

  private static Optional<SignaturePolicy> required(TrustFiles trust) {
    return Outcomes.value(trust.verification().read(TrustRoot::publicGood));
  }

  @Test
  void aTrustConfigAloneWouldVerifyNothing() {
    assertThatThrownBy(() -> parse(Map.of(), "--sigstore-trust-config=t.json").config())
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--verification-config-path");
  }

  @Test
  void variablesWithoutAMeaningAreNamed() {
    var environment =
        Map.of(
            "KUBEWARDEN_ENABLE_PPROF", "true",
            "KUBEWARDEN_PORT", "3000",
            "KUBEWARDEN_SERVICE_HOST", "10.0.0.1");

    assertThat(PolicyServerDefaults.ignored(environment))
        .containsExactly("KUBEWARDEN_ENABLE_PPROF");
  }

  @Test
  void everyOptionHasADescription() {
    var spec = new CommandLine(new ServeCommand()).getCommandSpec();

    for (var option : spec.options()) {
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
    }
  }

  private static ServeCommand parse(Map<String, String> environment, String... arguments) {
    var command = new ServeCommand();
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(new PolicyServerDefaults(environment::get))
        .parseArgs(arguments);
    return command;
  }
}
