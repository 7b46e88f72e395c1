package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CredentialHelperTest {
  @TempDir Path directory;

  @Test
  void asksForTheServer() throws IOException {
    var script =
        "read server; [ \"$1 $server\" = 'get ghcr.io' ] || exit 1;"
            + " echo '{\"ServerURL\": \"x\", \"Username\": \"bob\", \"Secret\": \"s3cr3t\"}'";
    assertThat(run(script)).contains(new Credential.Basic("bob", "s3cr3t"));
  }

  @Test
  void knowsIdentityTokens() throws IOException {
    var script = "cat >/dev/null; echo '{\"Username\": \"<token>\", \"Secret\": \"s3cr3t\"}'";
    assertThat(run(script)).contains(new Credential.IdentityToken("s3cr3t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo credentials not found in native keychain; exit 1",
        "echo not json",
        "echo '{}'",
        "exit 0",
        "exec yes",
      })
  void hasNothingWhenTheProgramFails(String script) throws IOException {
    assertThat(run(script)).isEmpty();
  }

  @Test
  void hasNothingWhenThereIsNoProgram() {
    assertThat(
            CredentialHelper.run(
                directory.resolve("missing").toString(), "ghcr.io", Duration.ofSeconds(20)))
        .isEmpty();
  }

  @Test
  void endsAProgramThatHangs() throws IOException {
    var started = System.nanoTime();
    assertThat(run("exec sleep 60", Duration.ofMillis(200))).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
  }

  private Optional<Credential> run(String script) throws IOException {
    return run(script, Duration.ofSeconds(20));
  }

  private Optional<Credential> run(String script, Duration limit) throws IOException {
    var file = directory.resolve("helper");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return CredentialHelper.run(file.toString(), "ghcr.io", limit);
  }
}
