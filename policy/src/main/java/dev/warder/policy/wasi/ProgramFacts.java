package dev.warder.policy.wasi;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What is known of a compiled program beside its code.
 *
 * @param id no other program has, not even one of the same module
 * @param execution how it is run
 * @param resumption how to continue from a snapshot, if there are snapshots
 * @param obstacle why an instance cannot be used again; empty if it can
 */
record ProgramFacts(
    String id, Execution execution, Optional<Resumption> resumption, Optional<String> obstacle) {
  /** The name of the part that holds them. */
  static final String BLOB = "facts";

  /**
   * How to continue from a snapshot.
   *
   * @param function that is called
   * @param readWallClock whether the snapshot depends on when it was taken
   * @param flags that the guest has set on its descriptors by then
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Resumption(int function, boolean readWallClock, int[] flags) {}

  byte[] encode() {
    var text = new StringBuilder();
    line(text, "id", id);
    line(text, "mode", execution.mode().name());
    line(text, "reason", execution.reason());
    resumption.ifPresent(
        resume -> {
          line(text, "resume", String.valueOf(resume.function()));
          line(text, "wallClock", String.valueOf(resume.readWallClock()));
          line(
              text,
              "flags",
              Arrays.stream(resume.flags()).mapToObj(String::valueOf).collect(joining(",")));
        });
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
        properties.getProperty("id"),
        new Execution(
            Execution.Mode.valueOf(properties.getProperty("mode")),
            properties.getProperty("reason", "")),
        Optional.ofNullable(properties.getProperty("resume"))
            .map(
                function ->
                    new Resumption(
                        Integer.parseInt(function),
                        Boolean.parseBoolean(properties.getProperty("wallClock")),
                        Stream.of(properties.getProperty("flags", "").split(","))
                            .mapToInt(Integer::parseInt)
                            .toArray())),
        Optional.ofNullable(properties.getProperty("obstacle")));
  }
}
