package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.webhook.http.FairQueue.Offer;
import dev.warder.webhook.http.FairQueue.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
  private static final Duration FAST = Duration.ofMillis(2);
  private static final Duration SLOW = Duration.ofSeconds(2);

  private record TestJob(String lane, Deadline deadline) implements Job {
    static TestJob of(String lane) {
      return new TestJob(lane, Deadline.within(Duration.ofHours(1), Duration.ZERO));
    }

    @Override
    public void run() {}

    @Override
    public void dropped() {}

    /** Each job is itself and no other. */
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final FairQueue queue = new FairQueue(2, 4);

  @Test
  void takesTheJobsOfOneLaneInTheirOrder() {
    var first = TestJob.of("a");
    var second = TestJob.of("a");
    queue.offer(first);
    queue.offer(second);

    assertThat(List.of(takeJob(), takeJob())).containsExactly(first, second);
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void acceptsAsManyAsFitBesidesTheFreeThreads() {
    for (var i = 0; i < 6; i++) {
      assertThat(queue.offer(TestJob.of("a"))).isInstanceOf(Offer.Accepted.class);
    }
    assertThat(queue.offer(TestJob.of("a"))).isInstanceOf(Offer.Full.class);

    takeJob();
    assertThat(queue.offer(TestJob.of("a"))).isInstanceOf(Offer.Full.class);
    assertThat(queue.queued()).isEqualTo(5);
    assertThat(queue.running()).isEqualTo(1);
  }

  @Test
  void theLongestLanePaysWhenAnotherOneNeedsRoom() {
    var newest = TestJob.of("greedy");
    for (var i = 0; i < 5; i++) {
      queue.offer(TestJob.of("greedy"));
    }
    queue.offer(newest);

    assertThat(queue.offer(TestJob.of("modest")))
        .isEqualTo(new Offer.Accepted(Optional.of(newest)));
    assertThat(queue.queued()).isEqualTo(6);
  }

  @Test
  void refusesWhatTheLaneCannotBeginInTime() {
    learn("slow", SLOW);
    queue.offer(TestJob.of("slow"));
    queue.offer(TestJob.of("slow"));
    var hurried = new TestJob("slow", Deadline.within(Duration.ofSeconds(3), Duration.ZERO));

    assertThat(queue.offer(hurried)).isInstanceOf(Offer.WaitTooLong.class);
    assertThat(queue.offer(new TestJob("other", hurried.deadline())))
        .isInstanceOf(Offer.Accepted.class);
  }

  @Test
  void triesASlowLaneAgainWhenNobodyWaits() {
    learn("slow", Duration.ofMinutes(5));

    assertThat(queue.offer(TestJob.of("slow"))).isInstanceOf(Offer.Accepted.class);
  }

  @Test
  void refusesWhatIsTooLateAlready() {
    var late = new TestJob("a", Deadline.within(Duration.ZERO, Duration.ofMillis(1)));

    assertThat(queue.offer(late)).isInstanceOf(Offer.WaitTooLong.class);
  }

  @Test
  void slowLanesLeaveAThreadToTheOthers() {
    learn("slow", SLOW);
    queue.offer(TestJob.of("slow"));
    queue.offer(TestJob.of("slow"));
    var running = take();

    assertThat(queue.take()).isEmpty();
    var quick = TestJob.of("quick");
    queue.offer(quick);
    assertThat(takeJob()).isEqualTo(quick);

    queue.ended(running, SLOW);
    assertThat(takeJob().lane()).isEqualTo("slow");
  }

  @Test
  void aSingleThreadRunsSlowLanesToo() {
    var single = new FairQueue(1, 4);
    single.offer(TestJob.of("slow"));
    single.ended(single.take().orElseThrow(), SLOW);
    single.offer(TestJob.of("slow"));

    assertThat(single.take()).isPresent();
  }

  @Test
  void theLaneThatUsedLessTimeGoesFirst() {
    for (var i = 0; i < 3; i++) {
      queue.offer(TestJob.of("long"));
      queue.offer(TestJob.of("short"));
    }
    var order = new ArrayList<String>();
    for (var next = queue.take(); next.isPresent(); next = queue.take()) {
      order.add(next.get().job().lane());
      queue.ended(next.get(), Duration.ofMillis(order.getLast().equals("long") ? 90 : 30));
    }

    assertThat(order).containsExactly("long", "short", "short", "short", "long", "long");
  }

  @Test
  void anIdleLaneIsNotOwedTheTimeItDidNotUse() {
    learn("idle", FAST);
    for (var i = 0; i < 50; i++) {
      learn("busy", Duration.ofMillis(100));
    }
    for (var i = 0; i < 3; i++) {
      queue.offer(TestJob.of("idle"));
      queue.offer(TestJob.of("busy"));
    }
    var order = new ArrayList<String>();
    for (var next = queue.take(); next.isPresent(); next = queue.take()) {
      order.add(next.get().job().lane());
      queue.ended(next.get(), Duration.ofMillis(100));
    }

    assertThat(order.subList(0, 3)).contains("busy");
  }

  @Test
  void withdrawsOnlyWhatWaits() {
    var job = TestJob.of("a");
    queue.offer(job);

    assertThat(queue.withdraw(job)).isTrue();
    assertThat(queue.withdraw(job)).isFalse();
    assertThat(queue.take()).isEmpty();
    assertThat(queue.queued()).isZero();
  }

  @Property
  void countsAndKeepsEveryAcceptedJob(@ForAll List<@IntRange(max = 7) Integer> steps) {
    var fair = new FairQueue(2, 4);
    var waiting = new ArrayList<Job>();
    var running = new ArrayList<Started>();
    for (var step : steps) {
      switch (step) {
        case 0, 1, 2, 3 -> {
          var job = TestJob.of("lane-" + step);
          if (fair.offer(job) instanceof Offer.Accepted(var dropped)) {
            waiting.add(job);
            dropped.ifPresent(gone -> assertThat(waiting.remove(gone)).isTrue());
          }
        }
        case 4, 5 -> {
          if (running.size() < 2) {
            fair.take()
                .ifPresent(
                    started -> {
                      assertThat(waiting.remove(started.job())).isTrue();
                      running.add(started);
                    });
          }
        }
        case 6 -> {
          if (!running.isEmpty()) {
            fair.ended(running.removeFirst(), FAST);
          }
        }
        default -> {
          if (!waiting.isEmpty()) {
            assertThat(fair.withdraw(waiting.removeFirst())).isTrue();
          }
        }
      }
      assertThat(fair.queued()).isEqualTo(waiting.size()).isLessThanOrEqualTo(6);
      assertThat(fair.running()).isEqualTo(running.size());
    }
  }

  private void learn(String lane, Duration runTime) {
    queue.offer(TestJob.of(lane));
    queue.ended(take(), runTime);
  }

  private Started take() {
    return queue.take().orElseThrow();
  }

  private Job takeJob() {
    return take().job();
  }
}
