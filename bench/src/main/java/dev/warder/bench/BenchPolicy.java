package dev.warder.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A policy to serve.
 *
 * @param readsNamespaces whether it may read the Namespaces of the cluster
 */
record BenchPolicy(String name, Path module, JsonNode settings, boolean readsNamespaces) {
  private static final JsonMapper JSON = new JsonMapper();

  BenchPolicy(String name, Path module, JsonNode settings) {
    this(name, module, settings, false);
  }

  /** The Go sample that asks for labels. */
  static BenchPolicy go(Path home) throws IOException {
    return sample(home, "go", "required-labels");
  }

  /** The C sample that refuses loose image tags. */
  static BenchPolicy c(Path home) throws IOException {
    return sample(home, "c", "no-latest-tag");
  }

  private static BenchPolicy sample(Path home, String name, String folder) throws IOException {
    var sample = home.resolve("samples").resolve(folder);
    return new BenchPolicy(
        name,
        sample.resolve("policy.wasm"),
        JSON.readTree(sample.resolve("settings/good.json").toFile()));
  }

  /** One of bench/policies, which bench/policies/build.sh has built. */
  static BenchPolicy large(Path home, String name) throws IOException {
    var settings = home.resolve("bench/policies").resolve(name).resolve("settings.json").toFile();
    return new BenchPolicy(
        name,
        home.resolve("target/bench/policies").resolve(name + ".wasm"),
        settings.exists() ? JSON.readTree(settings) : JsonNodeFactory.instance.objectNode());
  }

  BenchPolicy named(String other) {
    return new BenchPolicy(other, module, settings, readsNamespaces);
  }

  BenchPolicy withModule(Path other) {
    return new BenchPolicy(name, other, settings, readsNamespaces);
  }

  BenchPolicy readingNamespaces(JsonNode other) {
    return new BenchPolicy(name, module, other, true);
  }
}
