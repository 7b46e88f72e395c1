package dev.warder.policy.testing;

import dev.warder.controlplane.GoTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The registry server of the OCI distribution project on 127.0.0.1, over TLS. */
public final class DistributionRegistry implements AutoCloseable {
  /** A line of an htpasswd file for bob, whose password is s3cr3t. */
  private static final String BOB =
      "bob:$2y$04$KBCwKxOzLha2MUDgW0PjXe4/G/VOhqN5KiuuxLwSWm4d5jyZGASdm\n";

  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  private final Process process;
  private final String host;

  private DistributionRegistry(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  /** Lets nobody in but bob, with the password s3cr3t. */
  public static DistributionRegistry withPassword(Path folder, TestTls tls) throws IOException {
    Files.writeString(folder.resolve("htpasswd"), BOB);
    return start(folder, tls, "htpasswd: {realm: test, path: " + folder.resolve("htpasswd") + "}");
  }

  /**
   * Lets those in who bring a token of the service {@code registry} that the certificate signed.
   */
  public static DistributionRegistry withTokens(Path folder, TestTls tls, String realm)
      throws IOException {
    return start(
        folder,
        tls,
        "token: {realm: \"%s\", service: registry, issuer: test, rootcertbundle: %s}"
            .formatted(realm, folder.resolve("certificate.pem")));
  }

  private static DistributionRegistry start(Path folder, TestTls tls, String auth)
      throws IOException {
    Files.writeString(folder.resolve("certificate.pem"), tls.certificatePem());
    Files.writeString(folder.resolve("key.pem"), tls.keyPem());
    var config = folder.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        storage: {filesystem: {rootdirectory: %1$s/content}}
        http:
          addr: "127.0.0.1:0"
          tls: {certificate: %1$s/certificate.pem, key: %1$s/key.pem}
        auth: {%2$s}
        """
            .formatted(folder, auth));
    var log = folder.resolve("log");
    var process =
        new ProcessBuilder(
                GoTool.OCI_REGISTRY.locate(System.out::println).toString(),
                "serve",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new DistributionRegistry(process, address(process, log));
  }

  /** {@code 127.0.0.1:port}. */
  public String host() {
    return host;
  }

  private static String address(Process process, Path log) {
    return Awaitility.await("the registry")
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              var text = read(log);
              if (!process.isAlive()) {
                throw new IllegalStateException("the registry ended: " + text);
              }
              var line = LISTENING.matcher(text);
              return line.find() ? Optional.of(line.group(1)) : Optional.<String>empty();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
