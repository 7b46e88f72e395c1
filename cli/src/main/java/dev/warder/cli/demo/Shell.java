package dev.warder.cli.demo;

import dev.warder.cli.common.CommandFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs commands the way a person in the demo's folder would, with KUBECONFIG set.
 *
 * @param kubectl the program that the word {@code kubectl} stands for
 * @param kubeconfig the value of KUBECONFIG
 */
record Shell(Path kubectl, String kubeconfig, Path folder) {
  private static final long LIMIT_SECONDS = 180;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  CommandResult kubectl(List<String> arguments) {
    var line = new ArrayList<>(List.of("kubectl"));
    line.addAll(arguments);
    return run(line);
  }

  CommandResult run(List<String> line) {
    try {
      var scratch = new Folder(Files.createTempDirectory(folder, ".run-"));
      try {
        return runIn(scratch.path(), line);
      } finally {
        scratch.delete();
      }
    } catch (IOException e) {
      throw new CommandFailedException("cannot run " + line.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted while running " + line.getFirst(), e);
    }
  }

  private CommandResult runIn(Path scratch, List<String> line)
      throws IOException, InterruptedException {
    // Files instead of pipes: nothing has to be read while the process runs.
    var stdout = scratch.resolve("stdout");
    var stderr = scratch.resolve("stderr");
    var process =
        builder(line)
            .redirectInput(Files.createFile(scratch.resolve("stdin")).toFile())
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile())
            .start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("it did not end within " + LIMIT_SECONDS + " s");
      }
    } finally {
      process.destroyForcibly();
    }
    return new CommandResult(quoted(line), process.exitValue(), text(stdout), text(stderr));
  }

  private ProcessBuilder builder(List<String> line) {
    var program = new ArrayList<>(line);
    if (program.getFirst().equals("kubectl")) {
      program.set(0, kubectl.toString());
    }
    var builder = new ProcessBuilder(program).directory(folder.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig);
    // The user's cache knows clusters by address, and another cluster may have had this one's.
    builder.environment().put("KUBECACHEDIR", folder.resolve(".kubectl-cache").toString());
    return builder;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static String quoted(List<String> line) {
    return line.stream()
        .map(word -> PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
