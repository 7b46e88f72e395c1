package dev.warder.webhook.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TurnsTest {
  private final FakeClock clock = new FakeClock();
  private final Turns<String> turns = new Turns<>();

  @Test
  void theNewestComesFirstUntilItIsNoLongerYoungThenAllInTurn() {
    add("first");
    add("second");

    assertThat(take(10)).containsOnly("second");
    add("third");
    assertThat(take(Course.FIRST_RUNS)).containsOnly("third");
    assertThat(take(Course.FIRST_RUNS - 10)).containsOnly("second");
    assertThat(take(Course.FIRST_RUNS)).containsOnly("first");
    assertThat(take(6)).containsExactly("third", "second", "first", "third", "second", "first");
  }

  @Test
  void whatIsRemovedHasNoTurn() {
    add("first");
    add("second");
    take(Course.FIRST_RUNS + 1);

    turns.remove("second");
    assertThat(take(3)).containsOnly("first");
    turns.remove("first");

    assertThat(turns.next()).isEmpty();
    assertThat(turns.keys()).isEmpty();
  }

  private void add(String name) {
    Course.Drill drill =
        () -> {
          clock.work(Duration.ofNanos(1));
          return true;
        };
    turns.add(name, new Course(Collections.nCopies(2, drill), clock, Duration.ofSeconds(1)));
  }

  private List<String> take(int count) {
    var taken = new ArrayList<String>();
    for (var i = 0; i < count; i++) {
      var next = turns.next().orElseThrow();
      turns.course(next).step();
      taken.add(next);
    }
    return taken;
  }
}
