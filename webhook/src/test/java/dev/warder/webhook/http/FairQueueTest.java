package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.webhook.http.FairQueue.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    @Override
    public void tooLate() {}

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

  @Test
  void aWaitingGuestLeavesItsPlaceToOthersAndComesBackFirst() {
    var single = new FairQueue(1, 4);
    single.offer(TestJob.of("sleeper"));
    var sleeper = single.take().orElseThrow();
    single.offer(TestJob.of("other"));
    assertThat(single.canBegin()).isFalse();

    assertThat(single.giveBack(sleeper, FAST)).isTrue();
    var other = single.take().orElseThrow();
    single.offer(TestJob.of("third"));
    single.askBack(sleeper);
    assertThat(single.comeBack(sleeper, SLOW)).as("the place is taken").isFalse();

    single.ended(other, FAST);
    assertThat(single.take()).as("the sleeper goes first").isEmpty();
    assertThat(single.nextBack()).contains(sleeper);
    assertThat(single.comeBack(sleeper, SLOW)).isTrue();
    assertThat(single.running()).isEqualTo(1);
    assertThat(single.waiting()).isZero();
  }

  @Test
  void aGuestThatWaitsAgainAndAgainDoesNotGoBeforeLanesThatUsedLess() {
    var single = new FairQueue(1, 4);
    single.offer(TestJob.of("napper"));
    var napper = single.take().orElseThrow();
    single.giveBack(napper, SLOW);
    single.offer(TestJob.of("modest"));
    single.askBack(napper);

    assertThat(single.comeBack(napper, FAST)).isFalse();
    assertThat(single.take().map(started -> started.job().lane())).contains("modest");
  }

  @Test
  void waitingIsNoRunTimeButCountsForTheDeadline() {
    var single = new FairQueue(1, 4);
    single.offer(TestJob.of("sleeper"));
    var sleeper = single.take().orElseThrow();
    single.giveBack(sleeper, FAST);
    single.askBack(sleeper);
    single.comeBack(sleeper, SLOW);
    single.ended(sleeper, FAST);

    assertThat(sleeper.lane().averageRunTime()).isEqualTo(FAST.plus(FAST));
    assertThat(sleeper.lane().averageSpan()).isEqualTo(SLOW.plus(FAST).plus(FAST));
    assertThat(sleeper.lane().slow()).isFalse();
    single.offer(TestJob.of("sleeper"));
    single.take();
    var hurried = new TestJob("sleeper", Deadline.within(Duration.ofSeconds(1), Duration.ZERO));
    assertThat(single.offer(hurried)).isInstanceOf(Offer.WaitTooLong.class);
  }

  @Test
  void theWaitingGuestsOfOneLaneNeverExceedThePlaces() {
    for (var i = 0; i < 4; i++) {
      queue.offer(TestJob.of("sleeper"));
    }
    queue.giveBack(take(), FAST);
    queue.giveBack(take(), FAST);
    assertThat(queue.take()).isEmpty();

    queue.offer(TestJob.of("other"));
    assertThat(takeJob().lane()).isEqualTo("other");
  }

  @Test
  void keepsItsPlaceWhenTooManyWait() {
    var single = new FairQueue(1, 10);
    for (var i = 0; i < FairQueue.WAITING_PER_PLACE; i++) {
      single.offer(TestJob.of("sleeper-" + i));
      assertThat(single.giveBack(single.take().orElseThrow(), FAST)).isTrue();
    }
    single.offer(TestJob.of("late"));
    var late = single.take().orElseThrow();

    assertThat(single.giveBack(late, FAST)).isFalse();
    assertThat(single.running()).isEqualTo(1);
  }

  @Test
  void whatEndsWithoutAPlaceFreesNone() {
    var single = new FairQueue(1, 4);
    single.offer(TestJob.of("overrun"));
    var overrun = single.take().orElseThrow();
    single.giveBack(overrun, FAST);
    single.offer(TestJob.of("other"));
    var other = single.take().orElseThrow();
    single.askBack(overrun);
    single.forgo(overrun, SLOW);
    single.ended(overrun, FAST);

    assertThat(single.running()).isEqualTo(1);
    assertThat(single.waiting()).isZero();
    single.ended(other, FAST);
    assertThat(single.running()).isZero();
  }

  @Test
  void triesOneJobOfALaneThatSeemsTooSlowForEveryDeadline() {
    learn("slow", SLOW);
    var first = new TestJob("slow", Deadline.within(Duration.ofSeconds(1), Duration.ZERO));
    var second = new TestJob("slow", first.deadline());

    assertThat(queue.offer(first)).isInstanceOf(Offer.Accepted.class);
    assertThat(queue.offer(second)).isInstanceOf(Offer.WaitTooLong.class);
    assertThat(queue.removeLate()).isEmpty();
    assertThat(takeJob()).isEqualTo(first);
  }

  @Test
  void takesOutQueuedJobsThatTheAverageLeavesNoTimeFor() {
    var hurried = new TestJob("slow", Deadline.within(Duration.ofSeconds(1), Duration.ZERO));
    queue.offer(TestJob.of("slow"));
    queue.offer(TestJob.of("slow"));
    var first = take();
    var second = take();
    queue.offer(hurried);
    queue.ended(first, SLOW);

    assertThat(queue.removeLate()).containsExactly(hurried);
    assertThat(queue.queued()).isZero();
    assertThat(queue.canBegin()).isFalse();
    queue.ended(second, SLOW);
  }

  @Property
  void countsAndKeepsEveryAcceptedJob(@ForAll List<@IntRange(max = 11) Integer> steps) {
    var fair = new FairQueue(2, 4);
    var waiting = new ArrayList<Job>();
    var running = new ArrayList<Started>();
    var aside = new ArrayList<Started>();
    var asking = new ArrayList<Started>();
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
          var can = fair.canBegin();
          var taken = fair.take();
          assertThat(taken.isPresent()).isEqualTo(can);
          taken.ifPresent(
              started -> {
                assertThat(waiting.remove(started.job())).isTrue();
                running.add(started);
              });
        }
        case 6 -> {
          if (!running.isEmpty()) {
            fair.ended(running.removeFirst(), FAST);
          }
        }
        case 7 -> {
          if (!waiting.isEmpty()) {
            assertThat(fair.withdraw(waiting.removeFirst())).isTrue();
          }
        }
        case 8 -> {
          if (!running.isEmpty() && fair.giveBack(running.getFirst(), FAST)) {
            aside.add(running.removeFirst());
          }
        }
        case 9 -> {
          if (!aside.isEmpty()) {
            asking.add(aside.removeFirst());
            fair.askBack(asking.getLast());
          }
        }
        case 10 ->
            fair.nextBack()
                .ifPresent(
                    started -> {
                      assertThat(fair.comeBack(started, FAST)).isTrue();
                      assertThat(asking.remove(started)).isTrue();
                      running.add(started);
                    });
        default -> {
          if (!asking.isEmpty()) {
            fair.forgo(asking.getFirst(), FAST);
            fair.ended(asking.removeFirst(), FAST);
          }
        }
      }
      assertThat(fair.queued()).isEqualTo(waiting.size()).isLessThanOrEqualTo(6);
      assertThat(fair.running()).isEqualTo(running.size()).isLessThanOrEqualTo(2);
      assertThat(fair.waiting()).isEqualTo(aside.size() + asking.size());
      assertThat(
              Stream.of(running, aside, asking)
                  .flatMap(List::stream)
                  .collect(Collectors.groupingBy(Started::lane, Collectors.counting()))
                  .values())
          .allSatisfy(inOneLane -> assertThat(inOneLane).isLessThanOrEqualTo(2));
      assertThat(fair.nextBack().isPresent() && fair.canBegin()).as("two are next").isFalse();
      if (running.isEmpty() && aside.isEmpty() && (!asking.isEmpty() || !waiting.isEmpty())) {
        assertThat(fair.nextBack().isPresent() || fair.canBegin()).as("nobody is next").isTrue();
      }
    }
  }

  private static void learn(FairQueue fair, String lane, Duration runTime) {
    fair.offer(TestJob.of(lane));
    fair.ended(fair.take().orElseThrow(), runTime);
  }

  private void learn(String lane, Duration runTime) {
    learn(queue, lane, runTime);
  }

  private Started take() {
    return queue.take().orElseThrow();
  }

  private Job takeJob() {
    return take().job();
  }
}
