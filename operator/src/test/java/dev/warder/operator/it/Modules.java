package dev.warder.operator.it;

import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.ExecutionMode;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.metadata.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Modules for tests. */
final class Modules {
  private static final String GOOD = "samples/no-latest-tag/policy.wasm";

  private Modules() {}

  /** One that refuses images without a fixed tag. */
  static byte[] good() {
    return read(Cluster.file(GOOD));
  }

  /** The good one in other bytes, so that nothing that is known of the other helps. */
  static byte[] goodTwin(String title) {
    return annotated(good(), "pods", title);
  }

  /** One that means harm, as it stands in the source tree: nothing tells Warder how to run it. */
  static byte[] hostile(String name) {
    return read(Cluster.file("policy/src/test/resources/hostile/" + name + ".wasm"));
  }

  /** A WASI policy for that kind of resource. */
  static byte[] annotated(byte[] module, String resource, String title) {
    var metadata =
        new PolicyMetadata(
            Optional.empty(),
            List.of(new Rule(List.of(""), List.of("v1"), List.of(resource), List.of("CREATE"))),
            Map.of("io.kubewarden.policy.title", title),
            false,
            true,
            ExecutionMode.WASI,
            PolicyType.KUBERNETES,
            Set.of(),
            Set.of(),
            Optional.empty());
    return switch (MetadataWriter.annotate(module, metadata)) {
      case Outcome.Done<byte[]>(var bytes) -> bytes;
      case Outcome.Failed<byte[]>(var failure) -> throw new AssertionError(failure.message());
    };
  }

  /** Puts a module where a policy can name it. */
  static String stored(Path folder, String name, byte[] module) {
    try {
      return Files.write(folder.resolve(name + ".wasm"), module).toUri().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
