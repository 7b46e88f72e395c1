package dev.warder.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Downloads one file of known content: at most 96 MiB in at most five minutes. */
final class Download {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
  private static final Duration TOTAL_LIMIT = Duration.ofMinutes(5);
  private static final long SIZE_LIMIT = 96L * 1024 * 1024;

  private Download() {}

  /**
   * Downloads and checks a file.
   *
   * @throws IOException if it cannot be had, or is not the expected one; the message says which
   */
  static void to(Path file, URI uri, String sha512) throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      CompletableFuture<HttpResponse<Path>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(uri).build(),
              BodyHandlers.limiting(BodyHandlers.ofFile(file), SIZE_LIMIT));
      try {
        int status = answer.get(TOTAL_LIMIT.toSeconds(), TimeUnit.SECONDS).statusCode();
        if (status != 200) {
          throw new IOException(uri + " answered with status " + status);
        }
      } catch (ExecutionException e) {
        throw new IOException(
            e.getCause() instanceof ConnectException
                ? "no connection to " + uri.getHost()
                : uri + ": " + e.getCause(),
            e);
      } catch (TimeoutException e) {
        throw new IOException(uri + " took longer than " + TOTAL_LIMIT.toMinutes() + " min", e);
      } finally {
        client.shutdownNow();
      }
    }
    String actual = sha512(file);
    if (!actual.equals(sha512)) {
      throw new IOException(uri + " has SHA-512 " + actual + " instead of the pinned " + sha512);
    }
  }

  private static String sha512(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
  }
}
