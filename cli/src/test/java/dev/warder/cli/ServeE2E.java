package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as a server without a cluster. */
final class ServeE2E {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path SAMPLE = Program.checkout().resolve("samples/no-latest-tag");
  private static final String GOOD = "good: {module: 'file://" + SAMPLE + "/policy.wasm'}\n";
  private static final String BAD = "bad: {module: 'file:///absent.wasm'}\n";
  private static final Duration LONG = Duration.ofMinutes(2);

  @Test
  void servesReloadsOnSighupAndEndsOnSigterm(@TempDir Path folder) throws Exception {
    var policies = Files.writeString(folder.resolve("policies.yml"), GOOD + BAD);
    var log = folder.resolve("log");
    var process =
        new ProcessBuilder(
                Program.checkout().resolve("warder").toString(),
                "serve",
                "--policies=" + policies,
                "--addr=127.0.0.1",
                "--port=0",
                "--readiness-probe-port=0",
                "--store=" + folder.resolve("store"),
                "--output=json")
            .redirectError(log.toFile())
            .start();
    try (var out = process.inputReader()) {
      var line = out.readLine();
      assertThat(line).as(Files.readString(log)).isNotNull();
      var started = JSON.readTree(line);
      assertThat(started.at("/policies/0/state").textValue()).isEqualTo("served");
      assertThat(started.at("/policies/1/reason").textValue()).isEqualTo("ModuleNotFound");
      assertThat(Files.readString(log)).contains("PLAIN HTTP", "good: ready after");
      var port = started.path("port").intValue();
      assertThat(verdict(ask(port, "good")).path("allowed").booleanValue()).isTrue();
      assertThat(verdict(ask(port, "bad")).at("/status/code").intValue()).isEqualTo(500);

      Files.writeString(policies, GOOD + GOOD.replace("good", "second"));
      signal(process, "HUP");
      await().atMost(LONG).until(() -> ask(port, "second").statusCode() == 200);
      assertThat(process.isAlive()).isTrue();
      assertThat(ask(port, "bad").statusCode()).isEqualTo(404);
      await().until(() -> Files.readString(log).contains("SIGHUP: reading"));

      signal(process, "TERM");
      assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void failFastEndsWithOneAndATable(@TempDir Path folder) throws Exception {
    var policies = Files.writeString(folder.resolve("policies.yml"), BAD);

    var result =
        Program.warder()
            .run(
                "serve",
                "--fail-fast",
                "--policies=" + policies,
                "--addr=127.0.0.1",
                "--port=0",
                "--readiness-probe-port=0",
                "--store=" + folder.resolve("store"));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout())
        .containsPattern("bad +failed +protect .*ModuleNotFound")
        .contains("/absent.wasm does not exist");
    assertThat(result.stderr()).contains("Error: not all policies can be served");
  }

  @Test
  void aFileThatCannotBeReadEndsWithOneAndItsLine(@TempDir Path folder) throws Exception {
    var policies = Files.writeString(folder.resolve("policies.yml"), "good:\n  module: [\n");

    var result = Program.warder().run("serve", "--policies=" + policies);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr()).contains("Error: PoliciesFileInvalid", "policies.yml", "line 3");
  }

  private static HttpResponse<String> ask(int port, String id)
      throws IOException, InterruptedException {
    var review = "{\"request\":" + Files.readString(SAMPLE.resolve("requests/accept.json")) + "}";
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/validate/%s".formatted(port, id)))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(review))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static JsonNode verdict(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).path("response");
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
