package dev.warder.policy.testing;

import dev.warder.controlplane.GoTool;
import dev.warder.policy.fetch.DockerConfig;
import dev.warder.policy.fetch.Sources;
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
public final class PrivateRegistry implements AutoCloseable {
  public static final String USER = "bob";
  public static final String PASSWORD = "s3cr3t";

  private final Path folder;
  private final TestTls tls;
  private final DistributionRegistry registry;

  private PrivateRegistry(Path folder, TestTls tls, DistributionRegistry registry) {
    this.folder = folder;
    this.tls = tls;
    this.registry = registry;
  }

  public static PrivateRegistry start(Path folder) {
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
  public String host() {
    return registry.host();
  }

  /** What the registry can be read with. */
  public Sources sources() {
    return Sources.none()
        .withAuthorities(Map.of(host(), List.of(tls.certificate())))
        .withCredentials(
            Outcomes.value(
                DockerConfig.parse(dockerConfig(PASSWORD).getBytes(StandardCharsets.UTF_8))));
  }

  /** PEM of the authority that signed the registry's certificate. */
  public String authority() {
    return tls.certificatePem();
  }

  /** A config.json as docker writes it. */
  public String dockerConfig(String password) {
    var auth =
        Base64.getEncoder()
            .encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    return "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host(), auth);
  }

  /** Pushes a module as an OCI artifact; gives its name with its digest. */
  public String push(String repository, String tag, byte[] module) {
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
  public String key(String name) {
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
  public enum Form {
    /** A bundle that refers to the manifest. */
    BUNDLE,
    /** A manifest under the tag {@code sha256-….sig}. */
    SIMPLE
  }

  /**
   * Signs what a name with a digest says, with a key that {@link #key} made; tells no log.
   *
   * @param annotations each {@code name=value}
   */
  public void sign(String name, String key, Form form, String... annotations) {
    var arguments =
        new ArrayList<>(
            List.of(
                "sign",
                "--yes",
                "--key",
                folder.resolve(key + ".key").toString(),
                "--new-bundle-format=" + (form == Form.BUNDLE),
                "--use-signing-config=false",
                "--tlog-upload=false"));
    for (var annotation : annotations) {
      arguments.addAll(List.of("--annotations", annotation));
    }
    arguments.add(name);
    run(GoTool.COSIGN, arguments.toArray(String[]::new));
  }

  /** Runs a program with the registry's authority and password. */
  public String run(GoTool tool, String... arguments) {
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
