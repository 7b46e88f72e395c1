import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/** Asks the webhook over kept-alive TLS connections. */
record Load(Webhook webhook, int connections) {
  /** Where to ask, and what. */
  record Webhook(URI uri, SSLContext trust, byte[] review) {
    HttpClient client() {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(trust)
          .executor(Runnable::run)
          .build();
    }

    /** The answer, as JSON text. */
    String ask(HttpClient client) throws Exception {
      var answer =
          client.send(
              HttpRequest.newBuilder(uri)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(review))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    }
  }

  /** Nanoseconds of each answer, sorted, and how long all took. */
  record Outcome(long[] latencies, double seconds) {
    int count() {
      return latencies.length;
    }

    double perSecond() {
      return latencies.length / seconds;
    }

    /** In milliseconds. */
    double percentile(int percent) {
      var index = (int) Math.ceil(latencies.length * percent / 100.0) - 1;
      return latencies[Math.max(0, index)] / 1e6;
    }
  }

  /** As fast as the answers come. */
  Outcome run(Duration duration) throws Exception {
    return run(duration, 0);
  }

  /** At a fixed rate; latency counts from when a request was due, so that queueing shows. */
  Outcome runAt(int perSecond, Duration duration) throws Exception {
    return run(duration, 1_000_000_000L * connections / perSecond);
  }

  private Outcome run(Duration duration, long interval) throws Exception {
    var begin = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(connections)) {
      var workers = new ArrayList<Callable<List<Long>>>();
      for (int i = 0; i < connections; i++) {
        var offset = interval * i / connections;
        workers.add(() -> ask(begin + offset, begin + duration.toNanos(), interval));
      }
      var all = new ArrayList<Long>();
      for (var worker : threads.invokeAll(workers)) {
        all.addAll(worker.get());
      }
      var seconds = (System.nanoTime() - begin) / 1e9;
      var latencies = all.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(latencies);
      return new Outcome(latencies, seconds);
    }
  }

  private List<Long> ask(long first, long end, long interval) throws Exception {
    var latencies = new ArrayList<Long>();
    try (var client = webhook.client()) {
      for (long due = first; due < end; due = interval == 0 ? System.nanoTime() : due + interval) {
        for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
        var answer = webhook.ask(client);
        latencies.add(System.nanoTime() - due);
        if (!answer.contains("\"allowed\":true")) {
          throw new IllegalStateException("not the expected verdict: " + answer);
        }
      }
    }
    return latencies;
  }
}
