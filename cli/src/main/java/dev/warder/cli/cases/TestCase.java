package dev.warder.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One case, with everything that it names read.
 *
 * @param name what it is about
 * @param file where it is written down
 * @param line where in the file
 * @param module the module that it names itself
 * @param request JSON; empty if only the settings are checked
 * @param settings the policy's
 * @param hostCalls a file with recorded host calls
 * @param files everything that was read for it, the file itself included
 */
public record TestCase(
    String name,
    Path file,
    int line,
    Optional<String> module,
    Optional<JsonNode> request,
    Optional<JsonNode> settings,
    Optional<Path> hostCalls,
    Expectation expect,
    List<Path> files) {
  public TestCase {
    files = List.copyOf(files);
  }

  /** Where it is written down, for people. */
  public String place() {
    return file + ":" + line;
  }
}
