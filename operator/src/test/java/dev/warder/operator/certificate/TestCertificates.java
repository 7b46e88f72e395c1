package dev.warder.operator.certificate;

import java.time.Clock;
import java.util.Set;

/** Server certificates of a private authority, made as Warder makes its own. */
public final class TestCertificates {
  private TestCertificates() {}

  public static CertificateBundle of(String host) {
    return new CertificateMaker(Clock.systemUTC()).make(Set.of(host));
  }
}
