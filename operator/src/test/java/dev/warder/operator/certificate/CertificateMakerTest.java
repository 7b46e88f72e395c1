package dev.warder.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.webhook.tls.TlsMaterial;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateMakerTest {
  private final Clock clock = Clock.fixed(Instant.now(), ZoneOffset.UTC);
  private final CertificateMaker maker = new CertificateMaker(clock);

  @Test
  void theCertificateServesItsHostsAndComesFromTheAuthority() throws Exception {
    var bundle = maker.make(Set.of("warder.warder-system.svc", "127.0.0.1"));

    var certificate = Pem.certificate(bundle.certificate());
    var authority = Pem.certificate(bundle.authority());
    certificate.verify(authority.getPublicKey());
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(List::getLast)
        .map(String::valueOf)
        .containsExactlyInAnyOrder("warder.warder-system.svc", "127.0.0.1");
    assertThat(authority.getBasicConstraints()).isNotNegative();
    assertThat(certificate.getBasicConstraints()).isNegative();
    assertThat(new TlsMaterial(bundle.certificate(), bundle.key()).check())
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void renewalKeepsTheAuthority() throws Exception {
    var bundle = maker.make(Set.of("a.example"));

    var renewed = maker.renew(bundle, Set.of("b.example"));

    assertThat(renewed.authority()).isEqualTo(bundle.authority());
    assertThat(renewed.key()).isNotEqualTo(bundle.key());
    Pem.certificate(renewed.certificate())
        .verify(Pem.certificate(bundle.authority()).getPublicKey());
  }

  @Test
  void keysStayOutOfTexts() {
    assertThat(maker.make(Set.of("a.example")).toString()).doesNotContain("PRIVATE");
  }
}
