package dev.warder.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine with its key, and who trusts it. */
record ServerTls(Path certificate, Path key, SSLContext trust) {
  private static final String PASSWORD = "bench-only";

  /** Makes one with the JDK's keytool. */
  static ServerTls create(Path folder) throws Exception {
    var store = folder.resolve("tls.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                "bench",
                "-dname",
                "CN=bench",
                "-ext",
                "san=ip:" + Endpoint.HOST,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool could not make a certificate");
    }
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    var certificate = keys.getCertificate("bench");
    var key = keys.getKey("bench", PASSWORD.toCharArray());
    return new ServerTls(
        pem(folder.resolve("tls.crt"), "CERTIFICATE", certificate.getEncoded()),
        pem(folder.resolve("tls.key"), "PRIVATE KEY", key.getEncoded()),
        trust(certificate));
  }

  private static Path pem(Path file, String type, byte[] content) throws IOException {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(type, text, type));
  }

  static SSLContext trust(String pem) throws Exception {
    return trust(
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
  }

  private static SSLContext trust(Certificate certificate) throws Exception {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("bench", certificate);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
