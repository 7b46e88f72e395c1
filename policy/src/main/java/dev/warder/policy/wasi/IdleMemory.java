package dev.warder.policy.wasi;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Gives back the memory of instances that nobody asks for. The collector that Warder runs with
 * returns heap to the system only when it collects all of it, which stops everything; so that is
 * wished for when much was let go and nothing was evaluated for a while.
 */
final class IdleMemory implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final long WORTH_COLLECTING_BYTES = 16 << 20;

  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("warder-idle-memory").factory());
  private final InstancePool instances;
  private long released;
  private long takenBefore;

  IdleMemory(InstancePool instances) {
    this.instances = instances;
    var _ =
        clock.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    released += instances.dropIdle(IDLE);
    var taken = instances.taken();
    if (taken == takenBefore && released >= WORTH_COLLECTING_BYTES) {
      released = 0;
      System.gc();
    }
    takenBefore = taken;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
