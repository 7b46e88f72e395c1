package dev.warder.webhook.tls;

import dev.warder.policy.Outcome;
import java.time.Instant;
import java.util.Optional;

/**
 * A serving certificate and its key as they come from a Secret or a file: unchecked.
 *
 * @param certificateChainPem the server's certificate first, then the intermediate ones
 * @param privateKeyPem an unencrypted PKCS#8 key ({@code BEGIN PRIVATE KEY})
 * @param clientAuthoritiesPem who signs the certificates that clients must then show
 */
public record TlsMaterial(
    String certificateChainPem, String privateKeyPem, Optional<String> clientAuthoritiesPem) {
  /** A server that asks clients for no certificate. */
  public TlsMaterial(String certificateChainPem, String privateKeyPem) {
    this(certificateChainPem, privateKeyPem, Optional.empty());
  }

  /**
   * Whether a server can use it now: the key belongs to the certificate, the dates hold, the chain
   * is in order, and the client authorities are certificates. Vert.x itself would take a wrong key
   * and then fail every handshake.
   */
  public Outcome<ServingCertificate> check() {
    return ServingCertificate.of(this, Instant.now());
  }

  /** Keeps the key out of logs. */
  @Override
  public String toString() {
    return "TlsMaterial[…]";
  }
}
