package dev.warder.webhook.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsMaterialTest {
  private final TestAuthority authority = new TestAuthority();

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void takesAKeyThatBelongsToItsCertificate(String algorithm) {
    assertThat(authority.issue(algorithm).check()).isInstanceOf(Outcome.Done.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void refusesAnotherKey(String algorithm) {
    var mixed =
        new TlsMaterial(
            authority.issue(algorithm).certificateChainPem(),
            authority.issue(algorithm).privateKeyPem());

    assertThat(problem(mixed)).contains("does not belong to the certificate");
  }

  @Test
  void refusesAKeyOfAnotherKind() {
    var mixed =
        new TlsMaterial(
            authority.issue("EC").certificateChainPem(), authority.issue("RSA").privateKeyPem());

    assertThat(problem(mixed)).isNotEmpty();
  }

  @Test
  void refusesWhatHasExpiredOrIsNotValidYet() {
    var now = Instant.now();

    assertThat(problem(authority.issue("EC", now.minusSeconds(5)))).contains("expired at");
    assertThat(problem(authority.issue("EC", now.plus(Duration.ofDays(5)))))
        .contains("not valid before");
  }

  @Test
  void takesAChainInOrderOnly() {
    var leaf = authority.issue("EC");
    var other = new TestAuthority();

    assertThat(withChain(leaf, authority.pem()).check()).isInstanceOf(Outcome.Done.class);
    assertThat(problem(withChain(leaf, other.pem()))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
  void refusesWhatIsNoCertificate(String pem) {
    assertThat(problem(new TlsMaterial(pem, authority.issue("EC").privateKeyPem()))).isNotEmpty();
  }

  @Test
  void saysHowToConvertAKeyInAnotherFormat() {
    var material = authority.issue("RSA");
    var pkcs1 =
        new TlsMaterial(
            material.certificateChainPem(),
            material.privateKeyPem().replace("PRIVATE KEY", "RSA PRIVATE KEY"));

    assertThat(problem(pkcs1)).contains("openssl pkcs8");
  }

  @Test
  void keepsTheKeyOutOfItsText() {
    assertThat(authority.issue("EC").toString()).doesNotContain("BEGIN");
  }

  private static TlsMaterial withChain(TlsMaterial leaf, String issuer) {
    return new TlsMaterial(leaf.certificateChainPem() + issuer, leaf.privateKeyPem());
  }

  private static String problem(TlsMaterial material) {
    return switch (material.check()) {
      case Outcome.Done<ServingCertificate> done ->
          throw new AssertionError("accepted " + done.value().serial());
      case Outcome.Failed<ServingCertificate>(Failure(var reason, var message)) -> {
        assertThat(reason).isEqualTo(Reason.ServingCertificateInvalid);
        yield message;
      }
    };
  }
}
