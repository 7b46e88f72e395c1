package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.webhook.http.FairQueue.Offer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EvaluationPoolTest {
  private final EvaluationPool pool =
      new EvaluationPool(1, 1, Thread.ofPlatform().daemon().factory());

  private static final class TestJob implements Job {
    private final String lane;
    private final Runnable action;
    private final AtomicBoolean dropped = new AtomicBoolean();

    TestJob(String lane, Runnable action) {
      this.lane = lane;
      this.action = action;
    }

    @Override
    public void run() {
      action.run();
    }

    @Override
    public String lane() {
      return lane;
    }

    @Override
    public Deadline deadline() {
      return Deadline.within(Duration.ofMinutes(1), Duration.ZERO);
    }

    @Override
    public void dropped() {
      dropped.set(true);
    }
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void aThreadSurvivesWhateverAJobThrows() {
    var done = new CountDownLatch(1);
    pool.submit(
        new TestJob(
            "a",
            () -> {
              throw new StackOverflowError("as a deep recursion would");
            }));
    await().until(() -> pool.queued() == 0);
    pool.submit(
        new TestJob(
            "a",
            () -> {
              throw new OutOfMemoryError("as a memory bomb would");
            }));
    await().until(() -> pool.queued() == 0);
    pool.submit(new TestJob("a", done::countDown));

    await().until(() -> done.getCount() == 0);
  }

  @Test
  void anInterruptionEndsWithTheJobThatItWasFor() {
    var interrupted = new AtomicBoolean(true);
    var done = new CountDownLatch(1);
    pool.submit(new TestJob("a", () -> Thread.currentThread().interrupt()));
    await().until(() -> pool.queued() == 0);
    pool.submit(
        new TestJob(
            "a",
            () -> {
              interrupted.set(Thread.currentThread().isInterrupted());
              done.countDown();
            }));

    await().until(() -> done.getCount() == 0);
    assertThat(interrupted).isFalse();
  }

  @Test
  void refusesAndDropsWhenThereIsNoRoom() {
    var release = new CountDownLatch(1);
    pool.submit(new TestJob("a", () -> awaitUninterruptibly(release)));
    await().until(() -> pool.running() == 1);
    var waiting = new TestJob("a", () -> {});
    assertThat(pool.submit(waiting)).isInstanceOf(Offer.Accepted.class);

    assertThat(pool.submit(new TestJob("a", () -> {}))).isInstanceOf(Offer.Full.class);
    assertThat(pool.withdraw(waiting)).isTrue();
    assertThat(pool.submit(new TestJob("b", () -> {}))).isInstanceOf(Offer.Accepted.class);

    release.countDown();
    await().until(() -> pool.queued() == 0 && pool.running() == 0);
    assertThat(waiting.dropped).isFalse();
  }

  @Test
  void acceptsNothingAfterTheEnd() {
    pool.close();

    assertThat(pool.submit(new TestJob("a", () -> {}))).isInstanceOf(Offer.Full.class);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
