package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TransferReportTest {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final OptionalLong UNKNOWN = OptionalLong.empty();

  private final StringWriter err = new StringWriter();
  private long nanos = Long.MAX_VALUE - 5;

  @Test
  void tellsOfEachQuarter() {
    var report = report(false);
    for (int tenth = 0; tenth <= 10; tenth++) {
      report.moved("it", tenth * MEBIBYTE + 1, OptionalLong.of(10 * MEBIBYTE + 1));
      pass(Duration.ofMillis(500));
    }
    report.ended("it");
    assertThat(lines())
        .containsExactly(
            "it: 3.0 of 10.0 MiB (30 %), 2.0 MiB/s",
            "it: 6.0 of 10.0 MiB (60 %), 2.0 MiB/s",
            "it: 9.0 of 10.0 MiB (90 %), 2.0 MiB/s",
            "it: 10.0 of 10.0 MiB (100 %), 2.0 MiB/s");
  }

  @Test
  void tellsOfEachFewSecondsOfWhatIsSlow() {
    var report = report(false);
    for (int second = 0; second <= 12; second++) {
      report.moved("it", MEBIBYTE + second, UNKNOWN);
      pass(Duration.ofSeconds(1));
    }
    report.ended("it");
    assertThat(lines())
        .containsExactly(
            "it: 1.0 MiB, 0.2 MiB/s", "it: 1.0 MiB, 0.1 MiB/s", "it: 1.0 MiB, 0.1 MiB/s");
  }

  @Test
  void drawsABarInPlace() {
    var report = report(true);
    report.moved("it", MEBIBYTE, OptionalLong.of(4 * MEBIBYTE));
    pass(Duration.ofSeconds(1));
    report.moved("it", 2 * MEBIBYTE, OptionalLong.of(4 * MEBIBYTE));
    pass(Duration.ofMillis(199));
    report.moved("it", 3 * MEBIBYTE, OptionalLong.of(4 * MEBIBYTE));
    report.moved("it", 4 * MEBIBYTE, OptionalLong.of(4 * MEBIBYTE));
    report.ended("it");
    assertThat(err.toString())
        .isEqualTo(
            "\r[============            ]  50 %  2.0 of 4.0 MiB  2.0 MiB/s\u001b[K"
                + "\r[========================] 100 %  4.0 of 4.0 MiB  3.3 MiB/s\u001b[K"
                + System.lineSeparator());
  }

  @Test
  void isSilentAboutWhatIsSmall() {
    for (var terminal : new boolean[] {true, false}) {
      var report = report(terminal);
      for (var total : new OptionalLong[] {UNKNOWN, OptionalLong.of(MEBIBYTE - 1)}) {
        report.moved("it", 1, total);
        pass(Duration.ofMinutes(1));
        report.moved("it", MEBIBYTE - 1, total);
        report.ended("it");
      }
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void isSilentAboutWhatIsOverSoon() {
    for (var terminal : new boolean[] {true, false}) {
      var report = report(terminal);
      // Each begins anew, however long all of them take.
      for (int i = 0; i < 3; i++) {
        report.moved("it", 1, UNKNOWN);
        pass(Duration.ofMillis(999));
        report.moved("it", 100 * MEBIBYTE, OptionalLong.of(100 * MEBIBYTE));
        report.ended("it");
      }
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void isSilentAboutWhatNeverCame() {
    report(true).ended("it");
    assertThat(err.toString()).isEmpty();
  }

  private TransferReport report(boolean terminal) {
    return new TransferReport(new PrintWriter(err), terminal, () -> nanos);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private String[] lines() {
    return err.toString().lines().toArray(String[]::new);
  }
}
