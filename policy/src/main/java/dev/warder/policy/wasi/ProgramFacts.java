package dev.warder.policy.wasi;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

/**
 * What is known of a compiled program beside its code.
 *
 * @param execution how it is run
 * @param resumeFunction the function that continues from a snapshot, if there are snapshots
 * @param obstacle why an instance cannot be used again; empty if it can
 */
record ProgramFacts(
    Execution execution, Optional<Integer> resumeFunction, Optional<String> obstacle) {
  /** The name of the part that holds them. */
  static final String BLOB = "facts";

  byte[] encode() {
    var text = new StringBuilder();
    line(text, "mode", execution.mode().name());
    line(text, "reason", execution.reason());
    resumeFunction.ifPresent(function -> line(text, "resume", String.valueOf(function)));
    obstacle.ifPresent(why -> line(text, "obstacle", why));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder text, String key, String value) {
    var escaped = value.replace("\\", "\\\\").replace("\n", " ").replace("\r", " ");
    text.append(key).append('=').append(escaped).append('\n');
  }

  static ProgramFacts decode(byte[] bytes) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ProgramFacts(
        new Execution(
            Execution.Mode.valueOf(properties.getProperty("mode")),
            properties.getProperty("reason", "")),
        Optional.ofNullable(properties.getProperty("resume")).map(Integer::valueOf),
        Optional.ofNullable(properties.getProperty("obstacle")));
  }
}
