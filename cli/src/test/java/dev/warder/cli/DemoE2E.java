package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger does first: the demo on a clean clone, which builds itself. */
final class DemoE2E {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofMinutes(40);

  @Test
  void theDemoOfACleanCloneGoesAsExpected(@TempDir Path folder) throws Exception {
    var clone = folder.resolve("clone");
    cloneInto(clone);

    var result =
        new Program(clone.resolve("warder"), folder, Map.of())
            .run(LIMIT, "demo", "--output", "json");

    assertThat(result.exitCode()).as(result.stderr() + result.stdout()).isZero();
    var report = JSON.readTree(result.stdout());
    assertThat(report.path("outcome").textValue()).isEqualTo("passed");
    assertThat(StreamSupport.stream(report.path("steps").spliterator(), false))
        .extracting(step -> step.path("name").textValue() + " " + step.path("outcome").textValue())
        .containsExactly(
            "ready passed",
            "refused passed",
            "admitted passed",
            "changed passed",
            "written-in-c passed",
            "raw passed",
            "bad-settings passed",
            "edit passed",
            "bad-edit passed",
            "deletion passed");
    // The report shows what really came back, not only that something thinks it went well.
    assertThat(output(report, "refused"))
        .contains("denied the request", "is not labelled as required");
    assertThat(output(report, "changed")).contains("+    runAsNonRoot: true");
    assertThat(output(report, "written-in-c")).contains("latest is whatever was pushed last");
    assertThat(output(report, "bad-settings")).contains("SettingsRejected", "Warning");
    assertThat(output(report, "bad-edit")).contains("is not labelled as required");
    assertThat(Path.of(report.path("kubeconfig").textValue())).doesNotExist();
    assertThat(clone.resolve("cli/target/warder/lib/warder.jar")).exists();
  }

  private static String output(JsonNode report, String step) {
    var text = new StringBuilder();
    for (var candidate : report.path("steps")) {
      if (candidate.path("name").textValue().equals(step)) {
        for (var command : candidate.path("commands")) {
          text.append(command.path("stdout").textValue());
          text.append(command.path("stderr").textValue());
        }
      }
    }
    return text.toString();
  }

  /** What would be committed now, without anything that a build has left. */
  private static void cloneInto(Path clone) throws IOException, InterruptedException {
    var checkout = Program.checkout();
    var files =
        new Program(Path.of("/usr/bin/env"), checkout, Map.of())
            .run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    assertThat(files.exitCode()).as(files.stderr()).isZero();
    for (var name : files.stdout().split("\0", -1)) {
      var source = checkout.resolve(name);
      if (!name.isEmpty() && Files.isRegularFile(source)) {
        var target = clone.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
