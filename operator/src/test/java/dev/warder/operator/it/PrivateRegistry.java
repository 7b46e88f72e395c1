package dev.warder.operator.it;

import dev.warder.controlplane.GoTool;
import dev.warder.operator.certificate.CertificateBundle;
import dev.warder.operator.certificate.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * The registry of the OCI distribution project over TLS, with a certificate of a private authority
 * and a password; modules are pushed with {@code crane} and signed with {@code cosign}.
 */
final class PrivateRegistry implements AutoCloseable {
  static final String USER = "puller";
  static final String PASSWORD = "let me in";
  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");
  private static final int BCRYPT_COST = 5;

  private final Path folder;
  private final CertificateBundle tls;
  private final Process process;
  private final String host;

  private PrivateRegistry(Path folder, CertificateBundle tls, Process process, String host) {
    this.folder = folder;
    this.tls = tls;
    this.process = process;
    this.host = host;
  }

  static PrivateRegistry start(Path folder) {
    try {
      var tls = TestCertificates.of("127.0.0.1");
      Files.writeString(folder.resolve("ca.crt"), tls.authority());
      Files.writeString(folder.resolve("tls.crt"), tls.certificate());
      Files.writeString(folder.resolve("tls.key"), tls.key());
      var salt = new byte[16];
      new SecureRandom().nextBytes(salt);
      Files.writeString(
          folder.resolve("htpasswd"),
          USER
              + ":"
              + OpenBSDBCrypt.generate("2y", PASSWORD.toCharArray(), salt, BCRYPT_COST)
              + "\n");
      Files.createDirectories(folder.resolve("docker"));
      Files.writeString(
          folder.resolve("config.yml"),
          """
          version: 0.1
          storage: {filesystem: {rootdirectory: %1$s/content}, delete: {enabled: true}}
          http: {addr: "127.0.0.1:0", tls: {certificate: %1$s/tls.crt, key: %1$s/tls.key}}
          auth: {htpasswd: {realm: private, path: %1$s/htpasswd}}
          """
              .formatted(folder));
      var log = folder.resolve("log");
      var process =
          new ProcessBuilder(
                  GoTool.OCI_REGISTRY.locate(System.out::println).toString(),
                  "serve",
                  folder.resolve("config.yml").toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var registry = new PrivateRegistry(folder, tls, process, address(process, log));
      Files.writeString(folder.resolve("docker/config.json"), registry.dockerConfig(PASSWORD));
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code 127.0.0.1:port}. */
  String host() {
    return host;
  }

  /** PEM of the authority that signed the registry's certificate. */
  String authority() {
    return tls.authority();
  }

  /** A config.json as docker writes it. */
  String dockerConfig(String password) {
    var auth =
        Base64.getEncoder()
            .encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    return "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host, auth);
  }

  /** Pushes a module as an OCI artifact; gives its name with its digest. */
  String push(String repository, String tag, byte[] module) {
    try {
      var name = host + "/" + repository + ":" + tag;
      var layout = WasmLayout.write(folder.resolve("layout-" + tag), module);
      run(GoTool.CRANE, "push", layout.toString(), name);
      return host + "/" + repository + "@" + run(GoTool.CRANE, "digest", name).strip();
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

  private static String address(Process process, Path log) {
    return Awaitility.await("the registry")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var text = Files.readString(log);
              if (!process.isAlive()) {
                throw new AssertionError(text);
              }
              var match = LISTENING.matcher(text);
              return match.find() ? Optional.of(match.group(1)) : Optional.<String>empty();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
