package dev.warder.operator.it;

import dev.warder.controlplane.GoTool;
import dev.warder.policy.testing.DistributionRegistry;
import dev.warder.policy.testing.LayoutFiles;
import dev.warder.policy.testing.TestTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A registry with a certificate of its own and a password; modules are pushed with {@code crane}
 * and signed with {@code cosign}.
 */
final class PrivateRegistry implements AutoCloseable {
  static final String PASSWORD = "s3cr3t";
  private static final String USER = "bob";

  private final Path folder;
  private final TestTls tls;
  private final DistributionRegistry registry;

  private PrivateRegistry(Path folder, TestTls tls, DistributionRegistry registry) {
    this.folder = folder;
    this.tls = tls;
    this.registry = registry;
  }

  static PrivateRegistry start(Path folder) {
    try {
      var tls = TestTls.create(folder, "ip:127.0.0.1");
      var data = Files.createDirectories(folder.resolve("registry"));
      var registry = new PrivateRegistry(folder, tls, DistributionRegistry.withPassword(data, tls));
      Files.writeString(folder.resolve("ca.crt"), registry.authority());
      Files.createDirectories(folder.resolve("docker"));
      Files.writeString(folder.resolve("docker/config.json"), registry.dockerConfig(PASSWORD));
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code 127.0.0.1:port}. */
  String host() {
    return registry.host();
  }

  /** PEM of the authority that signed the registry's certificate. */
  String authority() {
    return tls.certificatePem();
  }

  /** A config.json as docker writes it. */
  String dockerConfig(String password) {
    var auth =
        Base64.getEncoder()
            .encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    return "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host(), auth);
  }

  /** Pushes a module as an OCI artifact; gives its name with its digest. */
  String push(String repository, String tag, byte[] module) {
    try {
      var name = host() + "/" + repository + ":" + tag;
      var layout = new LayoutFiles(folder.resolve("layout-" + tag));
      layout.put("{}".getBytes(StandardCharsets.UTF_8));
      layout.putModule("", module);
      run(GoTool.CRANE, "push", layout.folder().toString(), name);
      return host() + "/" + repository + "@" + run(GoTool.CRANE, "digest", name).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a key pair; gives the public key's PEM. */
  String key(String name) {
    try {
      run(
          GoTool.COSIGN,
          "generate-key-pair",
          "--output-key-prefix",
          folder.resolve(name).toString());
      return Files.readString(folder.resolve(name + ".pub"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In which form a signature is attached. */
  enum Form {
    /** A bundle that refers to the manifest. */
    BUNDLE,
    /** A manifest under the tag {@code sha256-….sig}. */
    SIMPLE
  }

  /** Signs what a name with a digest says, with a key that {@link #key} made; tells no log. */
  void sign(String name, String key, Form form) {
    run(
        GoTool.COSIGN,
        "sign",
        "--yes",
        "--key",
        folder.resolve(key + ".key").toString(),
        "--new-bundle-format=" + (form == Form.BUNDLE),
        "--use-signing-config=false",
        "--tlog-upload=false",
        name);
  }

  private String run(GoTool tool, String... arguments) {
    try {
      var line = new ArrayList<>(List.of(tool.locate(System.out::println).toString()));
      line.addAll(List.of(arguments));
      var builder = new ProcessBuilder(line);
      builder
          .environment()
          .putAll(
              Map.of(
                  "DOCKER_CONFIG", folder.resolve("docker").toString(),
                  "SSL_CERT_FILE", folder.resolve("ca.crt").toString(),
                  "COSIGN_PASSWORD", ""));
      var errors = Files.createTempFile(folder, "tool", ".log");
      var running = builder.redirectError(errors.toFile()).start();
      var out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (running.waitFor() != 0) {
        throw new AssertionError(line + " failed: " + out + Files.readString(errors));
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    registry.close();
  }
}
