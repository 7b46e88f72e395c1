package dev.warder.bench;

import dev.warder.cli.common.Failures;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadataReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Modules of the Go sample that differ. */
enum Variants {
  /** One custom section more: another digest, the same code. */
  SECTION {
    @Override
    Path module(Path home, Path folder, int number) throws IOException {
      var copy = new ByteArrayOutputStream();
      copy.write(Files.readAllBytes(home.resolve(SAMPLE).resolve("policy.wasm")));
      var content = ("\u0005bench" + number).getBytes(StandardCharsets.US_ASCII);
      copy.write(0);
      copy.write(content.length);
      copy.write(content);
      return Files.write(folder.resolve("section-" + number + ".wasm"), copy.toByteArray());
    }
  },
  /** Built with a string of another length, which moves data: another digest, other code. */
  LINKER {
    @Override
    Path module(Path home, Path folder, int number) throws IOException, InterruptedException {
      var kept = Files.createDirectories(home.resolve("target/bench/variants"));
      var module = kept.resolve("linker-" + number + ".wasm");
      if (!Files.exists(module)) {
        Files.write(module, annotated(home, build(home, kept, number)));
      }
      return module;
    }
  };

  private static final String SAMPLE = "samples/required-labels";
  private static final String STRING =
      """
      package main

      var variant string

      func init() {
      	if len(variant) == 1 {
      		panic(variant)
      	}
      }
      """;

  /** Its file, made if need be. */
  abstract Path module(Path home, Path folder, int number) throws IOException, InterruptedException;

  /** Policies with a module each. */
  List<BenchPolicy> policies(Path home, Path folder, int count)
      throws IOException, InterruptedException {
    var policies = new ArrayList<BenchPolicy>();
    for (int i = 0; i < count; i++) {
      policies.add(BenchPolicy.go(home).named("policy-" + i).withModule(module(home, folder, i)));
    }
    return policies;
  }

  private static byte[] build(Path home, Path kept, int number)
      throws IOException, InterruptedException {
    var source = Files.createDirectories(kept.resolve("source"));
    for (var name : List.of("go.mod", "main.go", "policy.go")) {
      Files.write(source.resolve(name), Files.readAllBytes(home.resolve(SAMPLE).resolve(name)));
    }
    Files.writeString(source.resolve("variant.go"), STRING);
    var out = kept.resolve("built.wasm");
    var builder =
        new ProcessBuilder(
                "go",
                "build",
                "-trimpath",
                "-buildvcs=false",
                "-ldflags",
                "-s -w -X main.variant=" + "variant-".repeat(2 + number) + number,
                "-o",
                out.toString(),
                ".")
            .directory(source.toFile())
            .inheritIO();
    builder.environment().put("GOOS", "wasip1");
    builder.environment().put("GOARCH", "wasm");
    if (builder.start().waitFor() != 0) {
      throw new IOException("go build failed");
    }
    return Files.readAllBytes(out);
  }

  private static byte[] annotated(Path home, byte[] module) throws IOException {
    var metadata = Files.readString(home.resolve(SAMPLE).resolve("metadata.yml"));
    return Failures.valueOf(
        MetadataWriter.annotate(
            module, Failures.valueOf(PolicyMetadataReader.parseYaml(metadata))));
  }
}
