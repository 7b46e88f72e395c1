package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs kubectl against one cluster.
 *
 * @param program the kubectl program
 * @param kubeconfig how to reach the cluster
 */
public record Kubectl(Path program, Path kubeconfig) {

  private static final long LIMIT_SECONDS = 120;

  /** What kubectl answered. */
  public record Result(int exitCode, String stdout, String stderr) {

    public boolean isSuccess() {
      return exitCode == 0;
    }
  }

  /** Refuses a kubeconfig that is absent: kubectl itself would turn to localhost:8080 then. */
  public Kubectl {
    if (!Files.isReadable(kubeconfig)) {
      throw new ControlPlaneException("no kubeconfig at " + kubeconfig);
    }
  }

  /** Runs kubectl with nothing on its standard input, for two minutes at most. */
  public Result run(String... arguments) {
    return runWithInput("", arguments);
  }

  /**
   * Runs kubectl, for two minutes at most.
   *
   * @param input for its standard input, such as manifests for {@code apply -f -}
   * @throws ControlPlaneException if it cannot be run or does not end
   */
  public Result runWithInput(String input, String... arguments) {
    try {
      Path exchange = Files.createTempDirectory("warder-kubectl-");
      try {
        return run(exchange, input, List.of(arguments));
      } finally {
        FileTree.delete(exchange);
      }
    } catch (IOException e) {
      throw new ControlPlaneException("cannot run " + program + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while running kubectl", e);
    }
  }

  private Result run(Path exchange, String input, List<String> arguments)
      throws IOException, InterruptedException {
    Path stdout = exchange.resolve("stdout");
    Path stderr = exchange.resolve("stderr");
    Process process =
        builder(arguments)
            .redirectInput(Files.writeString(exchange.resolve("stdin"), input).toFile())
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile())
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new ControlPlaneException(
          "kubectl %s did not end within %d s"
              .formatted(String.join(" ", arguments), LIMIT_SECONDS));
    }
    return new Result(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
  }

  private ProcessBuilder builder(List<String> arguments) {
    var line = new ArrayList<String>();
    line.add(program.toString());
    line.add("--kubeconfig=" + kubeconfig);
    line.addAll(arguments);
    var builder = new ProcessBuilder(line);
    // The user's own cache knows clusters by address, and another control plane may have had this
    // one's port.
    builder
        .environment()
        .put("KUBECACHEDIR", kubeconfig.resolveSibling("kubectl-cache").toString());
    return builder;
  }
}
