package dev.warder.operator.it;

import dev.warder.controlplane.GoTool;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.FaultyRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The registry of the OCI distribution project on 127.0.0.1, by plain HTTP. */
final class OciRegistry implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String host;

  private OciRegistry(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  static OciRegistry start(Path folder) {
    try {
      var config = folder.resolve("config.yml");
      Files.writeString(
          config,
          """
          version: 0.1
          storage: {filesystem: {rootdirectory: %s}}
          http: {addr: "127.0.0.1:0"}
          """
              .formatted(folder.resolve("content")));
      var log = folder.resolve("log");
      var process =
          new ProcessBuilder(
                  GoTool.OCI_REGISTRY.locate(System.out::println).toString(),
                  "serve",
                  config.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new OciRegistry(process, address(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code 127.0.0.1:port}. */
  String host() {
    return host;
  }

  /** Pushes a module as kwctl does; gives the digest of its manifest. */
  Digest push(String repository, String tag, byte[] module) {
    var config = "{}".getBytes(StandardCharsets.UTF_8);
    putBlob(repository, config);
    putBlob(repository, module);
    var manifest =
        FaultyRegistry.imageManifest(
                FaultyRegistry.MODULE_LAYER, Digest.of(module).toString(), module.length)
            .getBytes(StandardCharsets.UTF_8);
    send(
        HttpRequest.newBuilder(uri("/v2/" + repository + "/manifests/" + tag))
            .header("Content-Type", FaultyRegistry.MANIFEST)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest)),
        201);
    return Digest.of(manifest);
  }

  private void putBlob(String repository, byte[] blob) {
    var upload =
        send(
            HttpRequest.newBuilder(uri("/v2/" + repository + "/blobs/uploads/"))
                .POST(HttpRequest.BodyPublishers.noBody()),
            202);
    var location = upload.headers().firstValue("location").orElseThrow();
    var separator = location.contains("?") ? "&" : "?";
    send(
        HttpRequest.newBuilder(uri(location + separator + "digest=" + Digest.of(blob)))
            .header("Content-Type", "application/octet-stream")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(blob)),
        201);
  }

  private URI uri(String location) {
    return URI.create("http://" + host).resolve(location);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, int expected) {
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() != expected) {
        throw new AssertionError(response + ": " + response.body());
      }
      return response;
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

  /** Nobody answers at its address afterwards. */
  @Override
  public void close() {
    http.close();
    process.destroyForcibly().onExit().join();
  }
}
