package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class TransferTextTest {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final int NARROW = 80;

  @Test
  void tellsBytesTotalShareAndRate() {
    var text = text(45 * MEBIBYTE, OptionalLong.of(100 * MEBIBYTE));
    assertThat(text.line()).isEqualTo("it: 45.0 of 100.0 MiB (45 %), 22.5 MiB/s");
    assertThat(text.bar())
        .isEqualTo("[==========              ]  45 %  45.0 of 100.0 MiB  22.5 MiB/s");
  }

  @Test
  void doesWithoutATotal() {
    for (var total : new OptionalLong[] {OptionalLong.empty(), OptionalLong.of(MEBIBYTE)}) {
      var text = text(3 * MEBIBYTE, total);
      assertThat(text.line()).isEqualTo("it: 3.0 MiB, 1.5 MiB/s");
      assertThat(text.bar()).isEqualTo("3.0 MiB  1.5 MiB/s");
    }
  }

  @Test
  void callsNothingWholeThatIsNot() {
    assertThat(text(999_999_999, OptionalLong.of(1_000_000_000)).line()).contains("(99 %)");
    assertThat(text(1_000_000_000, OptionalLong.of(1_000_000_000)).line()).contains("(100 %)");
  }

  @Property
  void fitsATerminal(
      @ForAll @LongRange(max = 1L << 40) long bytes,
      @ForAll @LongRange(max = 1L << 40) long total,
      @ForAll @LongRange(min = 1_000_000_000, max = 1L << 50) long nanos) {
    assertThat(new TransferText("it", bytes, OptionalLong.of(total), nanos).bar())
        .hasSizeLessThan(NARROW);
  }

  private static TransferText text(long bytes, OptionalLong total) {
    return new TransferText("it", bytes, total, Duration.ofSeconds(2).toNanos());
  }
}
