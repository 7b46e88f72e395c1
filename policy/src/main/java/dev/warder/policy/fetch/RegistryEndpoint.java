package dev.warder.policy.fetch;

import dev.warder.policy.fetch.Attempt.Answered;
import dev.warder.policy.fetch.Attempt.Broken;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a registry's API is. A host that is listed as insecure is asked over HTTPS first and gets
 * plain HTTP only when no HTTPS answer comes within the connect timeout; any other gets HTTPS.
 */
final class RegistryEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryEndpoint.class);

  private static final int MAX_PING_BYTES = 64 * 1024;

  private final HttpTransport transport;
  private final InsecureHosts insecureHosts;
  private final Duration connectTimeout;

  RegistryEndpoint(HttpTransport transport, InsecureHosts insecureHosts, Duration connectTimeout) {
    this.transport = transport;
    this.insecureHosts = insecureHosts;
    this.connectTimeout = connectTimeout;
  }

  /** The address that {@code /v2/…} is resolved against. */
  URI of(String host) {
    var authority = HostNames.api(host);
    var https = URI.create("https://" + authority);
    var http = URI.create("http://" + authority);
    if (!insecureHosts.allow(http)) {
      return https;
    }
    var ping = HttpCall.get(https.resolve("/v2/"), Map.of(), new MemorySink(), MAX_PING_BYTES);
    return switch (transport.send(ping, Deadline.in(connectTimeout))) {
      case Answered answer -> https;
      case Broken(var failure, _) -> {
        LOG.info("Plain HTTP for insecure host {}: {}", authority, failure.message());
        yield http;
      }
    };
  }
}
