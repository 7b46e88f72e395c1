package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.webhook.http.FairQueue.Offer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EvaluationPoolTest {
  private final EvaluationPool pool =
      new EvaluationPool(1, 1, _ -> Thread.ofPlatform().daemon().factory());

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

    @Override
    public void tooLate() {
      throw new AssertionError("there was a minute");
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
  void threadsStayWhileJobsComeAndGo() throws InterruptedException {
    var threads = ConcurrentHashMap.<Thread>newKeySet();
    var done = new Semaphore(0);
    var jobs = 2000;
    for (int i = 0; i < jobs; i++) {
      var job =
          new TestJob(
              "a",
              () -> {
                threads.add(Thread.currentThread());
                done.release();
              });
      await().pollInterval(Duration.ofNanos(1000)).until(() -> accepted(job));
    }
    done.acquire(jobs);

    assertThat(threads).hasSize(1);
  }

  private boolean accepted(Job job) {
    return pool.submit(job) instanceof Offer.Accepted;
  }

  @Test
  void acceptsNothingAfterTheEnd() {
    pool.close();

    assertThat(pool.submit(new TestJob("a", () -> {}))).isInstanceOf(Offer.Full.class);
  }

  @Test
  void othersRunWhileAGuestWaits() {
    var awake = new CountDownLatch(1);
    var order = new CopyOnWriteArrayList<String>();
    pool.submit(
        new TestJob(
            "sleeper",
            () -> {
              waiting(awake);
              order.add("sleeper");
            }));
    await().until(() -> pool.waiting() == 1);

    pool.submit(new TestJob("probe", () -> order.add("probe")));
    await().until(() -> order.contains("probe"));
    awake.countDown();
    await().until(() -> order.contains("sleeper"));

    assertThat(order).containsExactly("probe", "sleeper");
    await().until(() -> pool.running() == 0 && pool.waiting() == 0);
    await().untilAsserted(() -> assertThat(pool.threads()).isEqualTo(1));
  }

  @Test
  void aFloodOfOnePolicysSleepersLeavesThePlaceToOthers() {
    var awake = new CountDownLatch(1);
    var probes = new AtomicInteger();
    pool.submit(new TestJob("sleeper", () -> waiting(awake)));
    await().until(() -> pool.waiting() == 1);
    pool.submit(new TestJob("sleeper", () -> waiting(awake)));

    for (var i = 1; i <= 20; i++) {
      var asked = i;
      assertThat(pool.submit(new TestJob("probe", probes::incrementAndGet)))
          .isInstanceOf(Offer.Accepted.class);
      await().until(() -> probes.get() == asked);
      pool.submit(new TestJob("sleeper", () -> waiting(awake)));
    }

    assertThat(pool.waiting()).isEqualTo(1);
    assertThat(pool.threads()).isLessThanOrEqualTo(2);
    awake.countDown();
    await().until(() -> pool.queued() == 0 && pool.running() == 0 && pool.waiting() == 0);
  }

  @Test
  void sleepersOfManyPoliciesTakeNoMoreThreadsThanTheLimit() {
    var awake = new CountDownLatch(1);
    var most = FairQueue.WAITING_PER_PLACE;
    for (var i = 0; i < most; i++) {
      pool.submit(new TestJob("sleeper-" + i, () -> waiting(awake)));
      var sleepers = i + 1;
      await().until(() -> pool.waiting() == sleepers);
    }
    pool.submit(new TestJob("one too many", () -> waiting(awake)));
    await().until(() -> pool.running() == 1);
    pool.submit(new TestJob("queued", () -> {}));

    assertThat(pool.waiting()).isEqualTo(most);
    assertThat(pool.threads()).isEqualTo(most + 1);
    assertThat(pool.queued()).isEqualTo(1);
    awake.countDown();
    await().until(() -> pool.queued() == 0 && pool.running() == 0 && pool.waiting() == 0);
  }

  @Test
  void theDeadlineEndsAGuestThatWaitsForItsPlace() {
    var awake = new CountDownLatch(1);
    var blocked = new CountDownLatch(1);
    var guest = new AtomicReference<Thread>();
    var ended = new AtomicBoolean();
    pool.submit(
        new TestJob(
            "sleeper",
            () -> {
              guest.set(Thread.currentThread());
              ended.set(!waiting(awake));
            }));
    await().until(() -> pool.waiting() == 1);
    pool.submit(new TestJob("busy", () -> awaitUninterruptibly(blocked)));
    await().until(() -> pool.running() == 1);
    awake.countDown();
    await().until(() -> guest.get().getState() == Thread.State.WAITING && pool.waiting() == 1);

    guest.get().interrupt();

    await().untilTrue(ended);
    await().until(() -> pool.waiting() == 0);
    assertThat(pool.running()).as("the busy one has the place").isEqualTo(1);
    blocked.countDown();
    await().until(() -> pool.running() == 0);
  }

  /** False if the wait was interrupted, as at a deadline. */
  private boolean waiting(CountDownLatch latch) {
    try {
      return pool.waiting(
          () -> {
            latch.await();
            return true;
          });
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
