package dev.warder.policy.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The clients that hosts are asked with. A host with its own authorities or certificate has one of
 * its own, so that what is meant for it serves no other.
 */
final class HttpClients implements AutoCloseable {
  private static final String COMMON = "";

  private final Sources sources;
  private final Duration connectTimeout;
  private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
  private volatile boolean closed;

  HttpClients(Sources sources, Duration connectTimeout) {
    this.sources = sources;
    this.connectTimeout = connectTimeout;
  }

  /** For a host whose certificate is verified. */
  HttpClient verified(URI uri) {
    var host = HostNames.of(uri);
    var own = ownCertificate(host);
    var authorities = sources.authorities().getOrDefault(host, List.of());
    return authorities.isEmpty() && own.isEmpty()
        ? client(COMMON, HttpClients::trustOfJava)
        : client("verified " + host, () -> TlsContexts.trusting(authorities, own));
  }

  /** For a host that is listed as insecure. */
  HttpClient unverified(URI uri) {
    var host = HostNames.of(uri);
    return client("unverified " + host, () -> TlsContexts.unverified(ownCertificate(host)));
  }

  private Optional<ClientCertificate> ownCertificate(String host) {
    return Optional.ofNullable(sources.clientCertificates().get(host));
  }

  private HttpClient client(String name, Supplier<SSLContext> tls) {
    var client = clients.computeIfAbsent(name, key -> build(tls.get()));
    if (closed) {
      client.shutdownNow();
    }
    return client;
  }

  private HttpClient build(SSLContext tls) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(connectTimeout)
        .proxy(new Selector(sources.proxies()))
        .sslContext(tls)
        .build();
  }

  @Override
  public void close() {
    closed = true;
    clients.values().forEach(HttpClient::shutdownNow);
  }

  private static SSLContext trustOfJava() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has a default TLS context", e);
    }
  }

  private static final class Selector extends ProxySelector {
    private final Proxies proxies;

    Selector(Proxies proxies) {
      this.proxies = proxies;
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          proxies
              .on(uri)
              .map(
                  server ->
                      new Proxy(
                          Proxy.Type.HTTP, new InetSocketAddress(server.host(), server.port())))
              .orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException cause) {}
  }
}
