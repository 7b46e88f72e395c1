import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** {@code warder operator} as a process of its own, so that its memory and CPU are only its own. */
record OperatorProcess(Process process, int port, double startSeconds) implements AutoCloseable {
  /** What the JVM takes in the container of config/manager: 60 % of a limit of 2 GiB. */
  private static final String HEAP = "-Xmx1228m";

  static OperatorProcess start(Path home, Path folder, Path kubeconfig) throws Exception {
    var port = freePort();
    var management = freePort();
    var begin = Instant.now();
    var builder =
        new ProcessBuilder(
                home.resolve("warder").toString(),
                "operator",
                "--kubeconfig=" + kubeconfig,
                "--webhook-host=127.0.0.1",
                "--bind-address=127.0.0.1",
                "--webhook-port=" + port,
                "--management-port=" + management,
                "--store=" + folder.resolve("store"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("operator.log").toFile());
    builder.environment().put("WARDER_JAVA_OPTS", HEAP);
    var process = builder.start();
    try {
      awaitReady(process, management, folder.resolve("operator.log"));
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
    var seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
    return new OperatorProcess(process, port, seconds);
  }

  private static void awaitReady(Process process, int port, Path log)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz")).build();
    try (var client = HttpClient.newHttpClient()) {
      while (process.isAlive()) {
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
    throw new IOException("the operator did not start:\n" + Files.readString(log));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  double residentMebibytes() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("the system does not tell the memory of process " + process.pid());
  }

  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
