package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.Outcome;
import dev.warder.policy.Outcome.Done;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.Compiling;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProgramsTest {
  private static final Digest ONE = Digest.of(new byte[] {1});
  private static final Digest OTHER = Digest.of(new byte[] {2});

  private final WasiEngine engine = new WasiEngine();
  private final Programs programs = new Programs();
  private final AtomicInteger compilations = new AtomicInteger();

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void compileOneModuleOnceForAllThatAsk() throws Exception {
    var found = new ArrayList<CompiledModule>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = Collections.nCopies(20, (Callable<CompiledModule>) () -> get(ONE));
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

    assertThat(programs.get(ONE, () -> failure)).isEqualTo(failure);
    assertThat(programs.size()).isZero();
    assertThat(get(ONE).digest()).isEqualTo(ONE);
  }

  @Test
  void doNotMakeOneModuleWaitForAnother() throws Exception {
    var otherIsDone = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow =
          threads.submit(
              () ->
                  programs.get(
                      ONE,
                      () -> {
                        awaitQuietly(otherIsDone);
                        return compile(ONE);
                      }));
      await().until(() -> programs.size() == 1);

      assertThat(get(OTHER).digest()).isEqualTo(OTHER);
      otherIsDone.countDown();
      assertThat(slow.get()).isInstanceOf(Done.class);
    }
  }

  @Test
  void forgetWhatNobodyHolds() {
    var held = get(ONE);
    assertThat(get(OTHER)).isNotNull();

    await()
        .until(
            () -> {
              System.gc();
              return programs.size() == 1;
            });
    assertThat(get(ONE)).isSameAs(held);
    assertThat(compilations).hasValue(2);
    assertThat(get(OTHER).digest()).isEqualTo(OTHER);
    assertThat(compilations).hasValue(3);
  }

  private CompiledModule get(Digest digest) {
    return ((Done<CompiledModule>) programs.get(digest, () -> compile(digest))).value();
  }

  private Outcome<CompiledModule> compile(Digest digest) {
    compilations.incrementAndGet();
    try (var module = ProgramsTest.class.getResourceAsStream("/hostile/trap.wasm")) {
      return Compiling.undescribed(engine, digest, Objects.requireNonNull(module).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
