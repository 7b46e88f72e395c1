package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DeadlineWatcherTest {
  private final DeadlineWatcher watcher = new DeadlineWatcher();

  @AfterEach
  void close() {
    watcher.close();
  }

  @Test
  void theDeadlineInterruptsAndTheInterruptEndsWithTheBody() {
    var interrupted =
        watcher.within(
            Duration.ofMillis(5),
            deadline -> {
              while (!Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
              }
              return deadline.passed();
            });
    assertThat(interrupted).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptFromBeforeDoesNotReachTheBody() {
    Thread.currentThread().interrupt();
    var seen =
        watcher.within(Duration.ofMinutes(1), deadline -> Thread.currentThread().isInterrupted());
    assertThat(seen).isFalse();
  }

  @Test
  void anEndedDeadlineNeverInterrupts() {
    var deadline = new Deadline(Duration.ofMinutes(1));
    deadline.end();
    deadline.pass();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(deadline.passed()).isFalse();
  }

  @Test
  void runsThatRaceTheirDeadlineLeaveNoInterruptBehind() {
    for (int i = 0; i < 2_000; i++) {
      var nanos = 1_000 + i * 50L;
      var until = System.nanoTime() + nanos;
      watcher.within(
          Duration.ofNanos(nanos),
          deadline -> {
            while (System.nanoTime() < until) {
              Thread.onSpinWait();
            }
            return deadline;
          });
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void aBodyThatThrowsIsStillEnded() {
    assertThatThrownBy(
            () ->
                watcher.within(
                    Duration.ofMinutes(1),
                    deadline -> {
                      throw new IllegalArgumentException("the body's own");
                    }))
        .hasMessage("the body's own");
  }

  @Test
  void anEndlessTimeLimitIsADay() {
    assertThat(new Deadline(Duration.ofDays(400_000)).remainingNanos()).isPositive();
  }
}
