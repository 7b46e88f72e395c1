package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheWorkTest {

  @TempDir Path folder;

  @Test
  void onlyOneOfManyMakersMakesIt() throws Exception {
    Path target = folder.resolve("cache/thing");
    var made = new AtomicInteger();
    Callable<Void> maker =
        () -> {
          CacheWork.doLocked(
              target,
              Progress.silent(),
              scratch -> {
                if (!Files.exists(target)) {
                  made.incrementAndGet();
                  Files.move(Files.createFile(scratch.resolve("new")), target);
                }
              });
          return null;
        };

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> makers = IntStream.range(0, 5).mapToObj(i -> maker).toList();
      for (Future<Void> done : threads.invokeAll(makers)) {
        done.get();
      }
    }

    assertThat(made).hasValue(1);
    assertThat(target).exists();
  }

  @Test
  void whatAKilledMakerLeftBehindGoes() throws IOException {
    Path target = folder.resolve("thing");
    Path left = Files.createDirectories(folder.resolve("thing.making/half"));

    CacheWork.doLocked(
        target, Progress.silent(), scratch -> assertThat(scratch).isEmptyDirectory());

    assertThat(left.getParent()).doesNotExist();
  }

  @Test
  void aFailureGivesTheLockBack() {
    Path target = folder.resolve("thing");
    assertThatThrownBy(
            () ->
                CacheWork.doLocked(
                    target,
                    Progress.silent(),
                    scratch -> {
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageContaining("disk full");

    CacheWork.doLocked(target, Progress.silent(), scratch -> Files.createFile(target));

    assertThat(target).exists();
  }
}
