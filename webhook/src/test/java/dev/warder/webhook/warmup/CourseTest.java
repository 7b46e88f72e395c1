package dev.warder.webhook.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CourseTest {
  private static final Duration BUDGET = Duration.ofSeconds(6);

  private final FakeClock clock = new FakeClock();

  @Test
  void endsWhenItsTimesAreFlat() {
    var course = course(() -> worked(Duration.ofMillis(10)));

    assertThat(toEnd(course)).isEqualTo(Course.End.FLAT);
    assertThat(course.runs()).isEqualTo(RunTimes.WINDOW_RUNS * (1 + RunTimes.PATIENCE));
    assertThat(course.cpu()).isEqualTo(Duration.ofMillis(10).multipliedBy(course.runs()));
  }

  @Test
  void endsWhenItsCpuTimeIsUsed() {
    var course = course(() -> worked(Duration.ofMillis(300)));

    assertThat(toEnd(course)).isEqualTo(Course.End.SPENT);
    assertThat(course.runs()).isEqualTo(20);
  }

  @Test
  void goesOnWhileItsCodeIsCompiled() {
    var course =
        course(
            () -> {
              clock.compile(Duration.ofMillis(5));
              return worked(Duration.ofMillis(10));
            });

    assertThat(toEnd(course)).isEqualTo(Course.End.SPENT);
  }

  @Test
  void endsWhenItWaitsForTooLong() {
    var course =
        course(
            () -> {
              clock.sleep(Duration.ofSeconds(1));
              return true;
            });

    assertThat(toEnd(course)).isEqualTo(Course.End.SPENT);
    assertThat(course.runs()).isEqualTo(BUDGET.toSeconds() * Course.TIME_PER_CPU);
    assertThat(course.cpu()).isZero();
  }

  @Test
  void leavesOutADrillThatGetsNoAnswerAndEndsWithTheLast() {
    var ran = new ArrayList<String>();
    var bad = new AtomicInteger();
    var course =
        course(
            () -> {
              bad.incrementAndGet();
              ran.add("bad");
              worked(Duration.ofMillis(1));
              return false;
            },
            () -> {
              ran.add("good");
              return worked(Duration.ofMillis(1)) && ran.size() < 40;
            });

    assertThat(toEnd(course)).isEqualTo(Course.End.FAILED);
    assertThat(bad).hasValue(Course.MAX_FAILURES);
    assertThat(ran).startsWith("bad", "good", "bad", "good", "bad", "good", "good");
  }

  @Test
  void failuresThatPassAreForgiven() {
    var runs = new AtomicInteger();
    var course = course(() -> worked(Duration.ofMillis(10)) && runs.incrementAndGet() % 3 != 0);

    assertThat(toEnd(course)).isEqualTo(Course.End.FLAT);
  }

  @Test
  void isYoungForSomeRunsOrSomeTime() {
    var fast = course(() -> worked(Duration.ofMillis(1)));
    for (var run = 0; run < Course.FIRST_RUNS; run++) {
      assertThat(fast.young()).isTrue();
      assertThat(fast.step()).isEqualTo(Duration.ofMillis(1));
    }
    assertThat(fast.young()).isFalse();

    var slow = course(() -> worked(Course.FIRST_TIME));
    slow.step();
    assertThat(slow.young()).isFalse();
  }

  private boolean worked(Duration duration) {
    clock.work(duration);
    return true;
  }

  private Course course(Course.Drill... drills) {
    return new Course(List.of(drills), clock, BUDGET);
  }

  private static Course.End toEnd(Course course) {
    while (course.end().isEmpty()) {
      course.step();
    }
    return course.end().get();
  }
}
