package dev.warder.policy.wasi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one store, one of which may be killed. */
@Timeout(180)
final class TwoProcessesIT {
  @TempDir Path directory;

  @Test
  void storeFindAndEvictTheSameModulesAtOnce() throws Exception {
    var workers = new ArrayList<Process>();
    for (int seed = 1; seed <= 2; seed++) {
      workers.add(start("worker" + seed, Integer.toString(seed), "400"));
    }
    for (int i = 0; i < workers.size(); i++) {
      var log = directory.resolve("worker" + (i + 1) + ".log");
      assertThat(workers.get(i).waitFor()).as(() -> read(log)).isZero();
      assertThat(read(log)).as("nothing is found damaged").doesNotContain(" WARN ");
    }
    assertThat(StoreFixture.files(store())).isNotEmpty().allMatch(name -> name.length() == 64);
    var reader = StoreWorker.open(store(), key());
    for (int i = 0; i < StoreWorker.MODULES; i++) {
      var found = reader.find(StoreWorker.module(i));
      if (found.isPresent()) {
        try (var program = found.get()) {
          StoreFixture.check(program, StoreWorker.blobs(i));
        }
      }
    }
  }

  @Test
  void whatAKilledWriterLeftIsClearedAndNothingElse() throws Exception {
    var half = directory.resolve("half");
    var writer = start("writer", half.toString());
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(half));
      StoreWorker.open(store(), key());
      assertThat(StoreFixture.files(store()))
          .as("the file of a living writer stays")
          .singleElement()
          .asString()
          .startsWith(".incoming-");
      writer.destroyForcibly().waitFor();
      StoreWorker.open(store(), key());
      assertThat(StoreFixture.files(store())).isEmpty();
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  private Process start(String name, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.add(StoreWorker.class.getName());
    command.add(store().toString());
    command.add(key().toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(name + ".log").toFile())
        .start();
  }

  private Path store() {
    return directory.resolve("store");
  }

  private Path key() {
    return directory.resolve("key");
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
