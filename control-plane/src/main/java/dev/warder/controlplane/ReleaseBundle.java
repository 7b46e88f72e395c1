package dev.warder.controlplane;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The archive with etcd, kube-apiserver and kubectl that the Kubernetes project publishes for
 * tests. It exists for few versions, hence its own one.
 *
 * @param archive empty where none is published for this machine
 */
record ReleaseBundle(CacheFolder cache, Optional<Archive> archive) implements BinarySource {

  static final String VERSION = "v1.35.0";

  private static final long TAR_SECONDS = 120;

  /**
   * A pinned archive.
   *
   * @param sha512 in lower-case hexadecimal, from the publisher's index (envtest-releases.yaml)
   */
  record Archive(URI uri, String sha512) {}

  static ReleaseBundle forThisMachine(CacheFolder cache) {
    return new ReleaseBundle(
        cache, archiveFor(System.getProperty("os.name"), System.getProperty("os.arch")));
  }

  static Optional<Archive> archiveFor(String system, String architecture) {
    if (!system.equals("Linux")) {
      return Optional.empty();
    }
    return switch (architecture) {
      case "amd64" ->
          Optional.of(
              published(
                  "amd64",
                  "130369c16f076e724d089189afaede960316f5f5dea6cf57be7a4fc6f09c7734"
                      + "2893192509790e4056e116e232dff832ed863f5bd55dcb55d38f3ab834828a11"));
      case "aarch64" ->
          Optional.of(
              published(
                  "arm64",
                  "e53e2b88398f5b9503e3f074d82a2dcb090c708b34940848607ce658138a5d4a"
                      + "25962e042ab683ccc026a8a6c90c0be7f658e42dde0887369d73c3b68e2fc86c"));
      default -> Optional.empty();
    };
  }

  private static Archive published(String architecture, String sha512) {
    return new Archive(
        URI.create(
            "https://github.com/kubernetes-sigs/controller-tools/releases/download/envtest-"
                + VERSION
                + "/envtest-"
                + VERSION
                + "-linux-"
                + architecture
                + ".tar.gz"),
        sha512);
  }

  @Override
  public Optional<ControlPlaneBinaries> find(Set<Component> needed, Progress progress) {
    if (archive.isEmpty() || !Component.CORE.containsAll(needed)) {
      return Optional.empty();
    }
    var target = new ControlPlaneBinaries(cache.bundle(VERSION));
    if (!target.hasAll(Component.CORE)) {
      CacheWork.doLocked(
          target.folder(),
          progress,
          scratch -> {
            if (!target.hasAll(Component.CORE)) {
              download(archive.get(), target.folder(), scratch, progress);
            }
          });
    }
    return Optional.of(target).filter(t -> t.hasAll(Component.CORE));
  }

  private static void download(Archive archive, Path target, Path scratch, Progress progress)
      throws IOException, InterruptedException {
    Path file = scratch.resolve("archive.tar.gz");
    Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
    try {
      progress.step("downloading " + archive.uri());
      Download.to(file, archive.uri(), archive.sha512());
      unpack(file, unpacked);
    } catch (IOException e) {
      // Not the last resort: the build from Go modules needs nothing from here.
      progress.step("no download of the control plane: " + e.getMessage());
      return;
    }
    FileTree.delete(target);
    Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Its members are {@code controller-tools/envtest/<program>}; the pinned sum makes them
   * trustworthy.
   */
  private static void unpack(Path file, Path folder) throws IOException, InterruptedException {
    Path log = file.resolveSibling("tar.log");
    Process tar =
        new ProcessBuilder(
                List.of(
                    "tar",
                    "-xzf",
                    file.toString(),
                    "-C",
                    folder.toString(),
                    "--strip-components=2"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = tar.waitFor(TAR_SECONDS, TimeUnit.SECONDS);
    if (!ended || tar.exitValue() != 0) {
      tar.destroyForcibly();
      throw new IOException("cannot unpack " + file.getFileName() + ": " + LogTail.of(log));
    }
  }
}
