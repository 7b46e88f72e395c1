package dev.warder.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;

/** Programs that end by themselves. */
final class Programs {
  private static final JsonMapper JSON = new JsonMapper();

  private Programs() {}

  /** What it prints, which is JSON; its errors go where this program's go. */
  static JsonNode json(List<String> line) throws IOException, InterruptedException {
    var process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", line) + " ended with " + process.exitValue());
    }
    return JSON.readTree(output);
  }

  static void run(List<String> line) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", line) + " ended with " + process.exitValue());
    }
  }
}
