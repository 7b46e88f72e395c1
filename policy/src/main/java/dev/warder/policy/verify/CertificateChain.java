package dev.warder.policy.verify;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * An authority of the trust root.
 *
 * @param issuers from the certificate that signs end entities to the root
 */
record CertificateChain(List<X509Certificate> issuers, Period period) {
  /** Whether it vouches for a certificate at that time. */
  boolean certifies(X509Certificate leaf, Instant time) {
    return period.contains(time) && Certificates.leadsTo(issuers, leaf, time);
  }
}
