package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that is published as a Go module, built once per version and kept in the user's cache.
 *
 * @param name the program's name: the last element of the package path, without a version suffix
 * @param goPackage the package path, such as {@code
 *     github.com/google/go-containerregistry/cmd/crane}
 * @param version a module version, such as {@code v0.22.1}
 */
public record GoTool(String name, String goPackage, String version) {

  /** The registry server of the OCI distribution project. */
  public static final GoTool OCI_REGISTRY =
      new GoTool("registry", "github.com/distribution/distribution/v3/cmd/registry", "v3.0.0");

  /** Pushes to and reads from registries. */
  public static final GoTool CRANE =
      new GoTool("crane", "github.com/google/go-containerregistry/cmd/crane", "v0.22.1");

  /** Signs what is in registries. Building it takes five minutes of CPU time. */
  public static final GoTool COSIGN =
      new GoTool("cosign", "github.com/sigstore/cosign/v3/cmd/cosign", "v3.1.3");

  private static final Map<String, String> ENVIRONMENT =
      Map.of("CGO_ENABLED", "0", "GOWORK", "off", "GOFLAGS", "-buildvcs=false");

  /**
   * Finds the program in the cache or builds it, which can take minutes.
   *
   * @throws ControlPlaneException if it cannot be built
   */
  public Path locate(Progress progress) {
    return locate(CacheFolder.ofUser(), progress);
  }

  Path locate(CacheFolder cache, Progress progress) {
    Path folder = cache.tool(name, version);
    Path program = folder.resolve(name);
    if (Files.isExecutable(program)) {
      return program;
    }
    CacheWork.doLocked(
        folder,
        progress,
        scratch -> {
          if (!Files.isExecutable(program)) {
            build(scratch, progress);
            Files.createDirectories(folder);
            Files.move(scratch.resolve(name), program, StandardCopyOption.ATOMIC_MOVE);
          }
        });
    return program;
  }

  private void build(Path scratch, Progress progress) throws IOException, InterruptedException {
    var go = new GoCommand(scratch);
    go.requireVersion("the program " + name + " " + version + " has to be built");
    go.build(
        "building " + name + " " + version + " (" + goPackage + ")",
        List.of("install", "-trimpath", "-ldflags=-s -w", goPackage + "@" + version),
        environmentWith(scratch),
        progress);
  }

  private static Map<String, String> environmentWith(Path bin) {
    var environment = new HashMap<>(ENVIRONMENT);
    environment.put("GOBIN", bin.toString());
    return Map.copyOf(environment);
  }
}
