package dev.warder.policy.wasi.compile;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The command that starts the compiler process. */
final class CommandLine {
  /** What of this process's environment the child gets to see: no options, no credentials. */
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ");

  private static final long KIB = 1024;

  private CommandLine() {}

  static ProcessBuilder of(CompilerSettings settings, long heapBytes) {
    var line = new ArrayList<String>();
    if (isOnPath("nice")) {
      line.addAll(List.of("nice", "-n", "10"));
    }
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Xmx" + heapBytes / KIB + "k");
    line.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:+ExitOnOutOfMemoryError",
            // Standard output is for answers, and a crash leaves no files behind.
            "-XX:+DisplayVMOutputToStderr",
            "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:-UsePerfData"));
    line.addAll(settings.jvmOptions());
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(settings.mainClass());
    var builder = new ProcessBuilder(line);
    builder.environment().keySet().retainAll(ENVIRONMENT);
    return builder;
  }

  private static boolean isOnPath(String program) {
    var path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    for (var folder : path.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
