package dev.warder.policy.evaluation;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.Outcome;
import dev.warder.policy.Outcome.Done;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.WasiEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramsTest {
  @TempDir private Path folder;

  private final WasiEngine engine = new WasiEngine();
  private final Programs programs = new Programs();
  private final AtomicInteger compilations = new AtomicInteger();
  private DescribedModule one;
  private DescribedModule other;

  @BeforeEach
  void describe() {
    try (var bench = new Workbench(folder)) {
      one = bench.described("trap");
      other = bench.described("exit-3");
    }
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void compileOneModuleOnceForAllThatAsk() throws Exception {
    var found = new ArrayList<CompiledModule>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = Collections.nCopies(20, (Callable<CompiledModule>) () -> get(one));
      for (var future : threads.invokeAll(tasks)) {
        found.add(future.get());
      }
    }

    assertThat(compilations).hasValue(1);
    assertThat(found).hasSize(20).containsOnly(found.getFirst());
  }

  @Test
  void compileAgainAfterAFailure() {
    Outcome<CompiledModule> failure = Outcome.failed(Reason.ModuleCompileFailed, "no");

    assertThat(programs.get(digest(one), () -> failure)).isEqualTo(failure);
    assertThat(programs.size()).isZero();
    assertThat(get(one).digest()).isEqualTo(digest(one));
  }

  @Test
  void doNotMakeOneModuleWaitForAnother() throws Exception {
    var otherIsDone = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow =
          threads.submit(
              () ->
                  programs.get(
                      digest(one),
                      () -> {
                        awaitQuietly(otherIsDone);
                        return compile(one);
                      }));
      await().until(() -> programs.size() == 1);

      assertThat(get(other).digest()).isEqualTo(digest(other));
      otherIsDone.countDown();
      assertThat(slow.get()).isInstanceOf(Done.class);
    }
  }

  @Test
  void forgetWhatNobodyHolds() {
    var held = get(one);
    assertThat(get(other)).isNotNull();

    await()
        .until(
            () -> {
              System.gc();
              return programs.size() == 1;
            });
    assertThat(get(one)).isSameAs(held);
    assertThat(compilations).hasValue(2);
    assertThat(get(other).digest()).isEqualTo(digest(other));
    assertThat(compilations).hasValue(3);
  }

  private CompiledModule get(DescribedModule module) {
    return value(programs.get(digest(module), () -> compile(module)));
  }

  private Outcome<CompiledModule> compile(DescribedModule module) {
    compilations.incrementAndGet();
    return engine.compile(module);
  }

  private static Digest digest(DescribedModule module) {
    return module.module().fetched().digest();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
