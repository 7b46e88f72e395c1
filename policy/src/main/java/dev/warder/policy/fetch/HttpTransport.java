package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.Attempt.Fault;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer, held to the time limits. Follows no redirects. */
final class HttpTransport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);

  private final HttpClients clients;
  private final Proxies proxies;
  private final InsecureHosts insecureHosts;
  private final FetchLimits limits;
  private final AddressRule addresses;

  HttpTransport(FetchLimits limits, Sources sources) {
    this(limits, sources, AddressRule.ANY);
  }

  HttpTransport(FetchLimits limits, Sources sources, AddressRule addresses) {
    this.addresses = addresses;
    this.limits = limits;
    this.proxies = sources.proxies();
    this.insecureHosts = new InsecureHosts(sources.insecureHosts());
    this.clients = new HttpClients(sources, limits.connectTimeout());
  }

  /** Sends it; to a host that is listed as insecure again without verification if TLS fails. */
  Attempt send(HttpCall call, Deadline deadline) {
    var objection = addresses.objection(call.uri());
    if (objection.isPresent()) {
      return broken(new Failure(Reason.ModuleSourceForbidden, objection.get()), Fault.LASTING);
    }
    var attempt = send(clients.verified(call.uri()), call, deadline);
    if (attempt instanceof Attempt.Broken(var failure, var fault)
        && fault == Fault.TLS
        && insecureHosts.lists(call.uri())) {
      LOG.info("Insecure host {} is not verified: {}", HostNames.of(call.uri()), failure.message());
      return send(clients.unverified(call.uri()), call, deadline);
    }
    return attempt;
  }

  private Attempt send(HttpClient client, HttpCall call, Deadline deadline) {
    var lastSign = new AtomicLong(System.nanoTime());
    Runnable sign = () -> lastSign.set(System.nanoTime());
    var answer = client.sendAsync(request(call, sign), head -> bodyOf(call, head, sign));
    try {
      return await(call, answer, lastSign, deadline);
    } catch (ExecutionException e) {
      return broken(
          HttpFailures.broken(call.uri(), e.getCause(), limits), HttpFailures.fault(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return broken(interrupted(call.uri()), Fault.LASTING);
    } finally {
      // Closes the connection unless the answer is complete.
      answer.cancel(true);
    }
  }

  private HttpRequest request(HttpCall call, Runnable sign) {
    var request =
        HttpRequest.newBuilder(call.uri())
            .header("user-agent", "warder")
            .method(call.method(), body(call, sign));
    call.headers().forEach(request::header);
    if (call.offset() > 0) {
      request.header("range", "bytes=" + call.offset() + "-");
    }
    // An Authenticator would also answer the servers' challenges. This goes to no server: the
    // client sends what is for a proxy only to it.
    proxies
        .on(call.uri())
        .flatMap(ProxyServer::authorization)
        .ifPresent(value -> request.header("proxy-authorization", value));
    return request.build();
  }

  private static BodyPublisher body(HttpCall call, Runnable sign) {
    return call.body()
        .<BodyPublisher>map(content -> new WatchedBody(content, sent -> sign.run()))
        .orElseGet(BodyPublishers::noBody);
  }

  /** java.net.http has no limit for a silent body, so the wait is cut into the silence allowed. */
  private Attempt await(
      HttpCall call,
      Future<HttpResponse<Outcome<BodyEnd>>> answer,
      AtomicLong lastSign,
      Deadline deadline)
      throws ExecutionException, InterruptedException {
    while (true) {
      var silence = System.nanoTime() - lastSign.get();
      var patience = limits.readTimeout().toNanos() - silence;
      if (deadline.passed()) {
        return broken(
            HttpFailures.tooSlow(call.uri(), "was not over after", deadline.limit()),
            Fault.LASTING);
      }
      if (patience <= 0) {
        return broken(
            HttpFailures.tooSlow(call.uri(), "sent nothing for", limits.readTimeout()),
            Fault.LASTING);
      }
      try {
        var response =
            answer.get(Math.min(patience, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        return switch (response.body()) {
          case Outcome.Done<BodyEnd>(var end) ->
              new Attempt.Answered(
                  new HttpReply(
                      call.uri(),
                      response.statusCode(),
                      response.headers(),
                      end.delivered(),
                      end.size()));
          case Outcome.Failed<BodyEnd>(var failure) -> broken(failure, Fault.LASTING);
        };
      } catch (TimeoutException e) {
        // Bytes may have come in the meantime; the clock is looked at again.
      }
    }
  }

  private static HttpResponse.BodySubscriber<Outcome<BodyEnd>> bodyOf(
      HttpCall call, HttpResponse.ResponseInfo head, Runnable sign) {
    sign.run();
    var length = head.headers().firstValueAsLong("content-length").orElse(-1);
    if (head.statusCode() == 200 && !call.method().equals("HEAD")) {
      return new LimitedBody(call, 0, length, sign);
    }
    return continues(call, head)
        ? new LimitedBody(call, call.offset(), length, sign)
        : new IgnoredBody();
  }

  private static boolean continues(HttpCall call, HttpResponse.ResponseInfo head) {
    var range = head.headers().firstValue("content-range").orElse("");
    return head.statusCode() == 206
        && call.offset() > 0
        && range.startsWith("bytes " + call.offset() + "-");
  }

  static Failure interrupted(URI uri) {
    return new Failure(
        Reason.ModuleSourceUnreachable, "fetching " + HttpText.of(uri) + " was interrupted");
  }

  private static Attempt broken(Failure failure, Fault fault) {
    return new Attempt.Broken(failure, fault);
  }

  @Override
  public void close() {
    clients.close();
  }
}
