package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The files of one control plane, in a folder that only its owner can enter. */
record DataFolder(Path root, boolean temporary) {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  static DataFolder create(Optional<Path> wanted) throws IOException {
    if (wanted.isEmpty()) {
      return new DataFolder(
          Files.createTempDirectory("warder-control-plane-", OWNER_ONLY_FOLDER), true);
    }
    Path folder = wanted.get().toAbsolutePath();
    if (!Files.exists(folder)) {
      Files.createDirectories(folder, OWNER_ONLY_FOLDER);
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isPresent()) {
        throw new ControlPlaneException(
            "the data folder " + folder + " is not empty: empty it or name another one");
      }
    }
    return new DataFolder(folder, false);
  }

  /** Makes the folder fit for a first or another start. */
  void prepare() throws IOException {
    if (!Files.exists(root)) {
      Files.createDirectory(root, OWNER_ONLY_FOLDER);
    }
    FileTree.delete(etcd());
  }

  Path etcd() {
    return root.resolve("etcd");
  }

  Path certificates() {
    return root.resolve("certificates");
  }

  /** The certificate that kube-apiserver makes for itself, with that of its own authority. */
  Path servingCertificate() {
    return certificates().resolve("apiserver.crt");
  }

  Path certificateAuthority() {
    return root.resolve("ca.crt");
  }

  Path tokens() {
    return root.resolve("tokens.csv");
  }

  Path serviceAccountKey() {
    return root.resolve("service-account.key");
  }

  Path auditPolicy() {
    return root.resolve("audit-policy.yaml");
  }

  Path auditLog() {
    return root.resolve("audit.log");
  }

  Path kubeconfig(String name) {
    return root.resolve(name + ".kubeconfig");
  }

  Path log(Component component) {
    return root.resolve(component.fileName() + ".log");
  }

  /** Writes a new file that only its owner can read. */
  static Path writeSecret(Path file, String content) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, OWNER_ONLY_FILE);
    return Files.writeString(file, content);
  }

  void deleteIfTemporary() throws IOException {
    if (temporary) {
      FileTree.delete(root);
    }
  }
}
