package dev.warder.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.cli.common.DataFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CleanUpTest {
  private final StringWriter told = new StringWriter();
  private final Audience audience =
      new DocumentAudience(
          DataFormat.JSON, new PrintWriter(told, true), new PrintWriter(told, true));
  private final List<String> undone = new ArrayList<>();

  @Test
  void theLastThingIsUndoneFirstAndOnlyOnce() {
    var cleanUp = new CleanUp(audience);
    cleanUp.later(() -> undone.add("first"));
    cleanUp.later(() -> undone.add("second"));

    cleanUp.close();
    cleanUp.close();

    assertThat(undone).containsExactly("second", "first");
    assertThat(cleanUp.hasBegun()).isTrue();
  }

  @Test
  void oneFailureKeepsNothingElseFromBeingUndone() {
    var cleanUp = new CleanUp(audience);
    cleanUp.later(() -> undone.add("first"));
    cleanUp.later(
        () -> {
          throw new IllegalStateException("stuck");
        });

    cleanUp.close();

    assertThat(undone).containsExactly("first");
    assertThat(told.toString()).contains("stuck");
  }

  @Test
  void whatComesTooLateIsUndoneAtOnce() {
    var cleanUp = new CleanUp(audience);
    cleanUp.close();

    cleanUp.later(() -> undone.add("late"));

    assertThat(undone).containsExactly("late");
  }
}
