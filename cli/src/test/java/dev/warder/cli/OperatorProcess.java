package dev.warder.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The packaged operator in a process of its own, under Warder's account, to be killed. */
final class OperatorProcess implements AutoCloseable {
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Process process;
  private volatile Runnable lineSeen = () -> {};

  private OperatorProcess(Process process) {
    this.process = process;
  }

  static OperatorProcess start(Path kubeconfig, Path store) throws IOException {
    var builder =
        new ProcessBuilder(
                Program.checkout().resolve("warder").toString(),
                "operator",
                "--kubeconfig=" + kubeconfig,
                "--webhook-host=127.0.0.1",
                "--bind-address=127.0.0.1",
                "--webhook-port=0",
                "--management-port=0",
                "--store=" + store,
                "--retry-first=500ms",
                "--retry-max=2s")
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    var operator = new OperatorProcess(builder.start());
    Thread.ofVirtual().start(operator::read);
    return operator;
  }

  /** Tells of each further line of the log. */
  void onLine(Runnable seen) {
    lineSeen = seen;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9; can be repeated. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  private void read() {
    process
        .inputReader()
        .lines()
        .forEach(
            line -> {
              log.add(line);
              lineSeen.run();
            });
  }

  String log() {
    return String.join("\n", log);
  }

  @Override
  public void close() {
    kill();
    process.onExit().join();
  }
}
