package dev.warder.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the launcher script of a checkout, or another program, as people do. */
record Program(Path script, Path folder, Map<String, String> environment) {
  /** What a finished program left. */
  record Result(int exitCode, String stdout, String stderr) {}

  /** The checkout that these tests belong to. */
  static Path checkout() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** The launcher script, called from the checkout. */
  static Program warder() {
    return new Program(checkout().resolve("warder"), checkout(), Map.of());
  }

  Result run(String... arguments) throws IOException, InterruptedException {
    return run(Duration.ofMinutes(3), arguments);
  }

  Result run(Duration limit, String... arguments) throws IOException, InterruptedException {
    var scratch = Files.createTempDirectory("warder-e2e-");
    try {
      var stdout = scratch.resolve("stdout");
      var stderr = scratch.resolve("stderr");
      var line = new ArrayList<>(List.of(script.toString()));
      line.addAll(List.of(arguments));
      var builder = new ProcessBuilder(line).directory(folder.toFile());
      // The build that runs these tests must not reach a build that the script starts.
      builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
      builder.environment().putAll(environment);
      var process =
          builder
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile())
              .start();
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new IOException(
            line + " did not end within " + limit + ": " + Files.readString(stderr));
      }
      return new Result(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
    } finally {
      try (var files = Files.list(scratch)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(scratch);
    }
  }
}
