package dev.warder.webhook.http;

import dev.warder.webhook.tls.ServingCertificate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.Set;

/** TLS as the admission port speaks it: the JDK's implementation, 1.2 and 1.3. */
final class Tls {
  private Tls() {}

  static ServerSSLOptions options(ServingCertificate certificate) {
    var material = certificate.material();
    var options = new ServerSSLOptions();
    options.setKeyCertOptions(
        new PemKeyCertOptions()
            .addCertValue(Buffer.buffer(material.certificateChainPem()))
            .addKeyValue(Buffer.buffer(material.privateKeyPem())));
    material
        .clientAuthoritiesPem()
        .ifPresent(
            authorities -> {
              options.setClientAuth(ClientAuth.REQUIRED);
              options.setTrustOptions(
                  new PemTrustOptions().addCertValue(Buffer.buffer(authorities)));
            });
    options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    return options;
  }
}
