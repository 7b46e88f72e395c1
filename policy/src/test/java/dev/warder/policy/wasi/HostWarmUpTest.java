package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HostWarmUpTest {
  private static final int SMALL_STACK = 256 << 10;

  @Test
  void anEngineCanBeMadeOnAThreadWithLittleStack() throws Exception {
    var made =
        new FutureTask<>(
            () -> {
              try (var engine = new WasiEngine()) {
                return engine;
              }
            });
    new Thread(null, made, "small-stack", SMALL_STACK).start();
    assertThat(made.get(5, TimeUnit.MINUTES)).isNotNull();
  }
}
