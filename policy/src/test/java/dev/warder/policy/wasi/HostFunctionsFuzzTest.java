package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a guest passes, a host function answers or stops the run; nothing else escapes. */
final class HostFunctionsFuzzTest {
  private static final EvaluationBudget SMALL =
      new EvaluationBudget(Duration.ofMillis(20), 1, 1000, 1000, 1000, 100_000);

  @Property(tries = 5_000)
  void noArgumentsMakeAHostFunctionThrowAJavaError(
      @ForAll("functions") String name,
      @ForAll("arguments") long[] args,
      @ForAll("memories") byte[] content) {
    var host = new TestHost("{\"request\":{}}", SMALL);
    host.memory.write(0, content);
    var dot = name.lastIndexOf('.');
    var function = host.function(name.substring(0, dot), name.substring(dot + 1));
    try {
      var errno = function.body().call(host.guest, args);
      assertThat(errno).isBetween(0, 76);
    } catch (Stop stop) {
      assertThat(stop.getMessage()).isNotBlank();
    }
    assertThat(host.stdout().length()).isLessThanOrEqualTo(SMALL.stdoutBytes());
  }

  @Provide
  Arbitrary<String> functions() {
    return Arbitraries.of(
        new HostFunctions()
            .all().entrySet().stream()
                .flatMap(
                    module ->
                        module.getValue().keySet().stream()
                            .map(field -> module.getKey() + "." + field))
                .sorted()
                .toList());
  }

  /** More than any function takes; small numbers, the edges of memory and of integers. */
  @Provide
  Arbitrary<long[]> arguments() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(0, 64),
            Arbitraries.longs().between(65_500, 65_600),
            Arbitraries.of(
                -1L, 0xFFFF_FFFFL, 0x7FFF_FFFFL, 0x8000_0000L, Long.MIN_VALUE, Long.MAX_VALUE),
            Arbitraries.longs())
        .array(long[].class)
        .ofSize(9);
  }

  @Provide
  Arbitrary<byte[]> memories() {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(300);
  }
}
