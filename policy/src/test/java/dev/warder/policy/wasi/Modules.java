package dev.warder.policy.wasi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The modules and inputs that the tests of the engine run. */
final class Modules {
  static final String GO = "required-labels";
  static final String C = "no-latest-tag";

  private static final Path SAMPLES = Path.of("..", "samples");
  private static final Path HOSTILE = Path.of("src", "test", "resources", "hostile");

  private Modules() {}

  static byte[] sample(String name) {
    return read(SAMPLES.resolve(name).resolve("policy.wasm"));
  }

  static byte[] hostile(String name) {
    return read(HOSTILE.resolve(name + ".wasm"));
  }

  /** What the sample is given for {@code validate}. */
  static byte[] input(String sample, String request) {
    var folder = SAMPLES.resolve(sample);
    return utf8(
        "{\"request\":%s,\"settings\":%s}"
            .formatted(
                text(read(folder.resolve("requests").resolve(request + ".json"))),
                text(settings(sample, "good"))));
  }

  static byte[] settings(String sample, String name) {
    return read(SAMPLES.resolve(sample).resolve("settings").resolve(name + ".json"));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
