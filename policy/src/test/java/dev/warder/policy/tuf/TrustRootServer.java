package dev.warder.policy.tuf;

import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.LoopbackServer;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.Request;
import dev.warder.policy.verify.TrustRoot;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes one trust root after the other, on 127.0.0.1. Visitors wait for what is published next,
 * so that a test can look at what is before.
 */
public final class TrustRootServer implements AutoCloseable {
  private final TestRepository repository = new TestRepository();
  private final byte[] root;
  private final LoopbackServer server;
  private volatile CompletableFuture<Void> published = new CompletableFuture<>();

  private TrustRootServer() {
    var soon = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(1));
    repository.timestampExpires = soon;
    repository.longExpires = soon;
    repository.rootExpires = soon;
    root = repository.root(1, List.of());
    server = LoopbackServer.start(this::answer);
  }

  public static TrustRootServer start() {
    return new TrustRootServer();
  }

  /**
   * Leads here.
   *
   * @param release a trusted_root.json, which counts until another one was published
   */
  public TrustRootSource source(byte[] release) {
    return new TrustRootSource(
        URI.create(server.url("/tuf")),
        TestRepository.anchor(root, Outcomes.value(TrustRoot.parse(release))));
  }

  /** {@code 127.0.0.1:port}. */
  public String host() {
    return server.host();
  }

  /** Answers those who wait, and those who come. */
  public void publish(byte[] trustRoot) {
    repository.next();
    repository.publish(trustRoot);
    published.complete(null);
  }

  /** Lets those who come wait for what is published next. */
  public void hold() {
    published = new CompletableFuture<>();
  }

  private Answer answer(Request request) {
    published.join();
    return repository.answer(request);
  }

  @Override
  public void close() {
    published.complete(null);
    server.close();
  }
}
