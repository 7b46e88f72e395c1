package dev.warder.policy.fetch;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Contexts for TLS with one host. */
final class TlsContexts {
  private TlsContexts() {}

  /** Trusts those whom Java trusts, and these. */
  static SSLContext trusting(List<X509Certificate> authorities, Optional<ClientCertificate> own) {
    try {
      var trusted = emptyStore();
      for (var manager : managers(null)) {
        if (manager instanceof X509TrustManager java) {
          for (var authority : java.getAcceptedIssuers()) {
            trusted.setCertificateEntry(UUID.randomUUID().toString(), authority);
          }
        }
      }
      for (var authority : authorities) {
        trusted.setCertificateEntry(UUID.randomUUID().toString(), authority);
      }
      return context(managers(trusted), own);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS context can be made: " + e, e);
    }
  }

  /** Trusts anybody; only for hosts that are listed as insecure. */
  static SSLContext unverified(Optional<ClientCertificate> own) {
    try {
      return context(new TrustManager[] {new Credulous()}, own);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS context can be made: " + e, e);
    }
  }

  private static SSLContext context(TrustManager[] trust, Optional<ClientCertificate> own)
      throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(
        own.isPresent() ? keyManagers(own.get()) : new KeyManager[0], trust, new SecureRandom());
    return context;
  }

  private static TrustManager[] managers(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keyManagers(ClientCertificate own) throws GeneralSecurityException {
    var keys = emptyStore();
    keys.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(new X509Certificate[0]));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("an empty store is not read from anywhere", e);
    }
  }

  /** Extended, so that the JDK does not check the host's name behind it. */
  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
