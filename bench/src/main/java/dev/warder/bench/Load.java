package dev.warder.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a server over kept-alive connections, with requests that take turns. Any answer but one that
 * allows ends the load, unless it may be refused: then it is counted.
 */
record Load(Endpoint endpoint, List<byte[]> requests, int connections, boolean mayBeRefused) {
  /** How many times its length a load may take before what is still due is given up. */
  private static final int PATIENCE = 3;

  private static final String EXPECTED = "\"allowed\":true";

  static Load of(Endpoint endpoint, byte[] request, int connections) {
    return new Load(endpoint, List.of(request), connections, false);
  }

  /**
   * Nanoseconds of each answer, sorted.
   *
   * @param refused answers that did not allow
   * @param neverAsked requests that were due but not sent, as the server fell too far behind
   * @param generatorCpu seconds of CPU that asking took
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Outcome(
      long[] latencies, long refused, long neverAsked, double seconds, double generatorCpu) {
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

    double generatorMillis() {
      return 1000 * generatorCpu / count();
    }
  }

  /** As fast as the answers come: how much a server can do, not how long a client waits. */
  Outcome saturate(Duration duration) throws InterruptedException {
    return run(duration, 0);
  }

  /**
   * At a fixed rate, whatever the answers do. Latency counts from when a request was due, so that
   * waiting for a free connection shows.
   */
  Outcome arrive(int perSecond, Duration duration) throws InterruptedException {
    return run(duration, 1_000_000_000L / perSecond);
  }

  private Outcome run(Duration duration, long interval) throws InterruptedException {
    var turn = new AtomicLong();
    var begin = System.nanoTime();
    var asking = new Asking(turn, begin, duration.toNanos(), interval);
    try (var threads = Executors.newFixedThreadPool(connections)) {
      var workers = new ArrayList<Callable<Part>>();
      for (int i = 0; i < connections; i++) {
        workers.add(() -> ask(asking));
      }
      var parts = new ArrayList<Part>();
      for (var worker : threads.invokeAll(workers)) {
        parts.add(worker.get());
      }
      var seconds = (System.nanoTime() - begin) / 1e9;
      var latencies =
          parts.stream().flatMapToLong(part -> Arrays.stream(part.latencies())).sorted();
      var refused = parts.stream().mapToLong(Part::refused).sum();
      var cpu = parts.stream().mapToLong(Part::cpuNanos).sum() / 1e9;
      return outcome(latencies.toArray(), refused, duration, interval, seconds, cpu);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load failed: " + e.getCause(), e);
    }
  }

  private static Outcome outcome(
      long[] latencies,
      long refused,
      Duration duration,
      long interval,
      double seconds,
      double cpu) {
    var due = interval == 0 ? latencies.length : Math.ceilDiv(duration.toNanos(), interval);
    return new Outcome(latencies, refused, due - latencies.length, seconds, cpu);
  }

  private record Asking(AtomicLong turn, long begin, long length, long interval) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Part(long[] latencies, long refused, long cpuNanos) {}

  private Part ask(Asking asking) throws IOException {
    var latencies = new long[1024];
    int count = 0;
    long refused = 0;
    try (var connection = new Connection(endpoint)) {
      while (true) {
        var turn = asking.turn().getAndIncrement();
        var due =
            asking.interval() == 0 ? System.nanoTime() : asking.begin() + turn * asking.interval();
        if (due - asking.begin() >= asking.length()) {
          break;
        }
        if (System.nanoTime() - asking.begin() > PATIENCE * asking.length()) {
          break;
        }
        for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
        var answer = connection.exchange(requests.get((int) (turn % requests.size())));
        if (answer.status() != 200 || !answer.body().contains(EXPECTED)) {
          if (!mayBeRefused) {
            throw new IOException("not the expected verdict: " + answer);
          }
          refused++;
        }
        if (count == latencies.length) {
          latencies = Arrays.copyOf(latencies, 2 * count);
        }
        latencies[count++] = System.nanoTime() - due;
      }
    }
    var cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    return new Part(Arrays.copyOf(latencies, count), refused, cpu);
  }
}
