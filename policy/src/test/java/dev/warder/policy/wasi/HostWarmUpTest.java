package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class HostWarmUpTest {
  private static final int SMALL_STACK_BYTES = 256 * 1024;

  @Test
  void doesWithTheStackThatItsCallerHas() {
    var done =
        CompletableFuture.runAsync(
            () -> HostWarmUp.run(new HostFunctions()),
            task -> new Thread(null, task, "small", SMALL_STACK_BYTES).start());
    assertThat(done).succeedsWithin(Duration.ofMinutes(1));
  }
}
