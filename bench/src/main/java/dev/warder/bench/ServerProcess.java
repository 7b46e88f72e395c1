package dev.warder.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code warder} as a process of its own, so that its memory and CPU are only its own. */
record ServerProcess(Process process, PeakWatch peak) implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(15);

  /**
   * Runs the launcher of a checkout and waits until a URL answers 200.
   *
   * @param jvm options for the JVM
   * @param log gets what it prints
   */
  static ServerProcess start(Path home, List<String> arguments, String jvm, URI ready, Path log)
      throws Exception {
    var line = new ArrayList<>(List.of(home.resolve("warder").toString()));
    line.addAll(arguments);
    var builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("WARDER_JAVA_OPTS", jvm);
    var process = builder.start();
    // From the beginning: a process that compiles modules is gone when all of them are served.
    var peak = new PeakWatch(new ProcessTree(process.toHandle()));
    try {
      awaitReady(process, ready, log);
    } catch (IOException | InterruptedException e) {
      peak.close();
      process.destroyForcibly();
      throw e;
    }
    return new ServerProcess(process, peak);
  }

  private static void awaitReady(Process process, URI ready, Path log)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(ready).build();
    var end = System.nanoTime() + LONGEST_START.toNanos();
    try (var client = HttpClient.newHttpClient()) {
      while (process.isAlive() && System.nanoTime() - end < 0) {
        try {
          if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // Nobody listens before the start is nearly done.
        }
        Thread.sleep(20);
      }
    }
    throw new IOException("the server did not start:\n" + Files.readString(log));
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  ProcessTree tree() {
    return new ProcessTree(process.toHandle());
  }

  @Override
  public void close() {
    peak.close();
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
