package dev.warder.operator.certificate;

import java.util.Map;
import java.util.Optional;

/** A certificate authority and a serving certificate that it signed, all as PEM. */
public record CertificateBundle(
    String authority, String authorityKey, String certificate, String key) {
  private static final String AUTHORITY = "ca.crt";
  private static final String AUTHORITY_KEY = "ca.key";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  Map<String, String> toSecretData() {
    return Map.of(
        AUTHORITY, authority, AUTHORITY_KEY, authorityKey, CERTIFICATE, certificate, KEY, key);
  }

  static Optional<CertificateBundle> fromSecretData(Map<String, String> data) {
    var authority = data.get(AUTHORITY);
    var authorityKey = data.get(AUTHORITY_KEY);
    var certificate = data.get(CERTIFICATE);
    var key = data.get(KEY);
    return authority == null || authorityKey == null || certificate == null || key == null
        ? Optional.empty()
        : Optional.of(new CertificateBundle(authority, authorityKey, certificate, key));
  }

  @Override
  public String toString() {
    return "CertificateBundle[keys not shown]";
  }
}
