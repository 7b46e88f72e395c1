package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** One request and its answer, held to the time limits. Follows no redirects. */
final class HttpTransport implements AutoCloseable {
  private final HttpClient client;
  private final FetchLimits limits;

  HttpTransport(FetchLimits limits, SSLContext tls) {
    this.limits = limits;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.connectTimeout())
            .sslContext(tls)
            .build();
  }

  Outcome<HttpReply> send(HttpGet get, Deadline deadline) {
    var request = HttpRequest.newBuilder(get.uri()).header("user-agent", "warder");
    get.headers().forEach(request::header);
    var lastSign = new AtomicLong(System.nanoTime());
    Runnable sign = () -> lastSign.set(System.nanoTime());
    var answer = client.sendAsync(request.build(), head -> bodyOf(get, head, sign));
    try {
      return await(get, answer, lastSign, deadline);
    } catch (ExecutionException e) {
      return HttpFailures.broken(get.uri(), e.getCause(), limits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed(
          Reason.ModuleSourceUnreachable,
          "fetching " + HttpText.of(get.uri()) + " was interrupted");
    } finally {
      // Closes the connection unless the answer is complete.
      answer.cancel(true);
    }
  }

  /** java.net.http has no limit for a silent body, so the wait is cut into the silence allowed. */
  private Outcome<HttpReply> await(
      HttpGet get,
      Future<HttpResponse<Outcome<Long>>> answer,
      AtomicLong lastSign,
      Deadline deadline)
      throws ExecutionException, InterruptedException {
    while (true) {
      var silence = System.nanoTime() - lastSign.get();
      var patience = limits.readTimeout().toNanos() - silence;
      if (deadline.passed()) {
        return HttpFailures.tooSlow(get.uri(), "was not over after", deadline.limit());
      }
      if (patience <= 0) {
        return HttpFailures.tooSlow(get.uri(), "sent nothing for", limits.readTimeout());
      }
      try {
        var response =
            answer.get(Math.min(patience, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        return response
            .body()
            .map(size -> new HttpReply(get.uri(), response.statusCode(), response.headers(), size));
      } catch (TimeoutException e) {
        // Bytes may have come in the meantime; the clock is looked at again.
      }
    }
  }

  private static HttpResponse.BodySubscriber<Outcome<Long>> bodyOf(
      HttpGet get, HttpResponse.ResponseInfo head, Runnable sign) {
    sign.run();
    if (head.statusCode() != 200) {
      return new IgnoredBody();
    }
    var length = head.headers().firstValueAsLong("content-length").orElse(-1);
    return new LimitedBody(get, length, sign);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
