package dev.warder.policy.verify;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * A timestamp authority of the trust root.
 *
 * @param signer the certificate that must have signed, if the trust root names it
 */
record TimestampAuthority(Optional<X509Certificate> signer, CertificateChain chain) {}
