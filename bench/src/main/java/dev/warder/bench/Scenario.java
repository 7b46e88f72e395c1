package dev.warder.bench;

import dev.warder.cli.common.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all scenarios have: a folder for files, figures, and their end in bench/results. */
abstract class Scenario implements Callable<Integer> {
  static final Path HOME = Path.of(System.getProperty("warder.home", "."));

  @Spec private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "serve|operator",
      description = "What serves (default: serve if this warder has it).")
  private @Nullable ServerKind kind;

  @Option(
      names = "--jvm",
      paramLabel = "OPTIONS",
      defaultValue = "-Xmx1228m",
      description =
          "Options for the server's JVM (default: ${DEFAULT-VALUE}, as in the container of"
              + " config/manager).")
  private String jvm;

  abstract void measure(Path folder, Figures figures) throws Exception;

  @Override
  public Integer call() throws Exception {
    Logs.quiet();
    var parsed = spec.root().commandLine().getParseResult().originalArgs();
    var figures = new Figures(spec.name(), "bench/run " + String.join(" ", parsed));
    var folder = Files.createTempDirectory("warder-bench-");
    try {
      measure(folder, figures);
    } finally {
      delete(folder);
    }
    figures.finish(HOME.resolve("bench/results"));
    return CommandLine.ExitCode.OK;
  }

  final Server server(Path folder) throws Exception {
    var wanted = kind == null ? ServerKind.best(HOME) : kind;
    return wanted.create(HOME, folder, jvm);
  }

  static void say(String line) {
    System.err.println(line);
  }

  /** The review of 1.8 KB that every policy here allows. */
  static byte[] review() throws IOException {
    return Review.compact(HOME.resolve("bench/review.json"));
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
