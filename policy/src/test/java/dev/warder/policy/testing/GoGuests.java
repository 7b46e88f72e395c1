package dev.warder.policy.testing;

import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadataReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Policies in Go, built from {@code policy/src/test/go} with the Go of this machine into this
 * module's {@code target}.
 */
public final class GoGuests {
  /** A policy for Pods that does not change them. */
  public static final String METADATA =
      "{rules: [{apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}],"
          + " mutating: false, executionMode: wasi}";

  private static final Path SOURCES = Path.of("..", "policy", "src", "test", "go");
  private static final Path FOLDER = Path.of("target", "go-guests");
  private static final int BUILD_MINUTES = 10;
  private static final Set<String> GO_VARIABLES =
      Set.of("GOROOT", "GOCACHE", "GOPROXY", "GOMODCACHE", "GOSUMDB", "GONOSUMDB");
  private static final Map<String, byte[]> BUILT = new ConcurrentHashMap<>();

  private GoGuests() {}

  /** Makes the host calls that its settings list: see {@code caller/main.go}. */
  public static byte[] caller() {
    return caller(METADATA);
  }

  /**
   * The same with other metadata.
   *
   * @param metadata in YAML
   */
  public static byte[] caller(String metadata) {
    return annotated(built("caller", "caller", ""), metadata);
  }

  /** Looks a host name up before it reads its input; the payload is the name in quotes. */
  public static byte[] earlyCaller(String payload) {
    return annotated(built("caller", "early-caller", "-X 'main.early=" + payload + "'"), METADATA);
  }

  private static byte[] annotated(byte[] module, String metadata) {
    return Outcomes.value(
        PolicyMetadataReader.parseYaml(metadata)
            .then(parsed -> MetadataWriter.annotate(module, parsed)));
  }

  private static byte[] built(String source, String name, String linkerFlags) {
    return BUILT.computeIfAbsent(
        name + linkerFlags,
        _ -> {
          try {
            return build(source, name, linkerFlags);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("building " + name + " was interrupted", e);
          }
        });
  }

  private static byte[] build(String source, String name, String linkerFlags)
      throws IOException, InterruptedException {
    System.out.println("building the guest " + name + " with go");
    var folder = Files.createDirectories(FOLDER.toAbsolutePath());
    // Two processes may build at once.
    var fresh = Files.createTempFile(folder, name, ".wasm");
    var log = folder.resolve(name + ".log");
    var builder =
        new ProcessBuilder(
                List.of(
                    "go",
                    "build",
                    "-trimpath",
                    "-ldflags=-s -w " + linkerFlags,
                    "-o",
                    fresh.toString(),
                    "."))
            .directory(SOURCES.resolve(source).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("GO") && !GO_VARIABLES.contains(variable));
    builder
        .environment()
        .putAll(
            Map.of(
                "GOOS",
                "wasip1",
                "GOARCH",
                "wasm",
                "GOTOOLCHAIN",
                "local",
                "GOWORK",
                "off",
                "GOFLAGS",
                "-buildvcs=false"));
    var process = builder.start();
    if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError("go build of " + name + " failed: " + Files.readString(log));
    }
    var module = folder.resolve(name + ".wasm");
    Files.move(fresh, module, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return Files.readAllBytes(module);
  }
}
