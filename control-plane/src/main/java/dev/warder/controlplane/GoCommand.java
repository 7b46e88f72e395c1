package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code go} command of this machine, run in one folder.
 *
 * @param folder the working folder; its go.mod, if there is one, decides which Go version is needed
 * @param program the name or path of the command
 */
record GoCommand(Path folder, String program) {

  static final int MINIMUM_MINOR = 25;

  private static final Duration BUILD_LIMIT = Duration.ofMinutes(40);
  private static final Duration QUESTION_LIMIT = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Pattern VERSION = Pattern.compile("go(\\d+)\\.(\\d+).*");
  private static final String REMEDY =
      "install Go 1." + MINIMUM_MINOR + " or newer (https://go.dev/dl/) and put it on the PATH";

  GoCommand(Path folder) {
    this(folder, "go");
  }

  /**
   * Makes sure that there is a Go of a sufficient version.
   *
   * @param purpose what Go is needed for, and how to do without: part of the error message
   * @throws ControlPlaneException with a remedy if not
   */
  void requireVersion(String purpose) throws IOException, InterruptedException {
    Path log = folder.resolve("go-version.log");
    Process process;
    try {
      process = start(List.of("env", "GOVERSION"), Map.of(), log);
    } catch (IOException e) {
      throw new ControlPlaneException(
          purpose + ", but there is no program '" + program + "': " + REMEDY, e);
    }
    // An older Go may first fetch the version that go.mod names.
    boolean ended = process.waitFor(QUESTION_LIMIT.toSeconds(), TimeUnit.SECONDS);
    String answer = ended ? Files.readString(log).strip() : "no answer from 'go env GOVERSION'";
    if (!ended) {
      process.destroyForcibly();
    }
    if (!isSufficient(answer)) {
      throw new ControlPlaneException(purpose + ", but Go says: " + answer + "; " + REMEDY);
    }
  }

  static boolean isSufficient(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major > 1 || (major == 1 && Integer.parseInt(matcher.group(2)) >= MINIMUM_MINOR);
  }

  /**
   * Runs a build to its end.
   *
   * @param what names the build in progress lines and errors
   * @throws ControlPlaneException with the last lines that Go printed if it fails
   */
  void build(
      String what, List<String> arguments, Map<String, String> environment, Progress progress)
      throws IOException, InterruptedException {
    Path log = folder.resolve("go-build.log");
    Process process = start(arguments, environment, log);
    try {
      Stopwatch taken = Stopwatch.start();
      Reminder reminder = new Reminder(progress);
      while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        reminder.tell(what);
        if (taken.isOver(BUILD_LIMIT)) {
          throw new ControlPlaneException(what + " did not end within " + taken);
        }
      }
      if (process.exitValue() != 0) {
        throw new ControlPlaneException(what + " failed: " + LogTail.of(log));
      }
      progress.step(what + ": done in " + taken);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder()
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.command().add(program);
    builder.command().addAll(arguments);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
