package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.BootStop;
import dev.warder.policy.wasi.golang.Entry;
import dev.warder.policy.wasi.golang.GoModule;
import dev.warder.policy.wasi.golang.PreinitialisedModule;
import dev.warder.policy.wasi.golang.Snapshot;
import dev.warder.policy.wasi.golang.SplitModule;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever bytes are given as a module, a shape or a reason comes out. The system property {@code
 * warder.fuzz.inputs} says how many inputs each property makes: {@code
 * -Dwarder.fuzz.inputs=1000000}.
 */
final class GoModuleFuzzTest {
  private static final int TRIES = 100;
  private static final int INPUTS = Integer.getInteger("warder.fuzz.inputs", 20_000);
  private static final int SLOW_INPUTS_SHARE = 1000;
  private static final int MAX_BYTES = 400;
  private static final int MAX_CHANGES = 8;

  private final byte[] small = new GoShaped().withTable().bytes();
  private final byte[] real = Modules.sample(Modules.GO);

  @Property(tries = TRIES)
  void anyBytes(@ForAll long seed) {
    var random = new Random(seed);
    for (int i = 0; i < INPUTS / TRIES; i++) {
      var bytes = new byte[random.nextInt(MAX_BYTES)];
      random.nextBytes(bytes);
      System.arraycopy(small, 0, bytes, 0, Math.min(bytes.length, 8 + random.nextInt(40)));
      check(bytes, random);
    }
  }

  @Property(tries = TRIES)
  void changedBytes(@ForAll long seed) {
    var random = new Random(seed);
    for (int i = 0; i < INPUTS / TRIES; i++) {
      check(changed(small, random), random);
    }
  }

  @Property(tries = TRIES / 10)
  void changedBytesOfARealModule(@ForAll long seed) {
    var random = new Random(seed);
    for (int i = 0; i < Math.max(1, INPUTS / SLOW_INPUTS_SHARE / (TRIES / 10)); i++) {
      check(changed(real, random), random);
    }
  }

  /** Changed, moved and cut bytes; mostly near the start, where the declarations are. */
  private static byte[] changed(byte[] module, Random random) {
    var bytes = module.clone();
    for (int changes = 1 + random.nextInt(MAX_CHANGES); changes > 0; changes--) {
      var near = random.nextBoolean() ? Math.min(bytes.length, 1000) : bytes.length;
      var at = random.nextInt(near);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = -1;
        default ->
            System.arraycopy(
                bytes, at, bytes, random.nextInt(at + 1), random.nextInt(bytes.length - at));
      }
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1) : bytes;
  }

  private static void check(byte[] bytes, Random random) {
    assertThat(SplitModule.of(bytes, 16, 1 + random.nextInt(32))).isNotNull();
    var globals = new long[8];
    globals[0] = random.nextInt(4) == 0 ? random.nextLong() : 32_768;
    var stop = new BootStop(random.nextInt(6) - 1, new byte[Snapshot.PAGE_BYTES], globals);
    var result =
        GoModule.of(bytes)
            .then(go -> go.resume(stop))
            .map(snapshot -> new Entry(Modules.utf8("a\0b\0"), snapshot))
            .then(entry -> PreinitialisedModule.write(bytes, entry, entry));
    switch (result) {
      case Attempt.Made<PreinitialisedModule>(var made) ->
          assertThat(made.module().length).isPositive();
      case Attempt.Refused<PreinitialisedModule>(var reason) ->
          assertThat(reason).isNotBlank().doesNotContain("\n");
    }
  }
}
