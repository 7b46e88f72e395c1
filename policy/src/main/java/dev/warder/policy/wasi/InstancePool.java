package dev.warder.policy.wasi;

import dev.warder.policy.wasi.machine.Image;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instances that wait for their next evaluation, each equal to its image. Bounded in bytes; those
 * that waited longest give way. Safe for concurrent use.
 */
final class InstancePool {
  /** What an instance costs beside its memory, roughly: tables and objects. */
  private static final int OVERHEAD_BYTES = 64 << 10;

  /** An instance that grew this much beyond its image would hold the memory for nothing. */
  private static final long MAX_EXCESS_BYTES = 16 << 20;

  private final long maxBytes;
  private final Map<Image, Deque<Idle>> byImage = new HashMap<>();
  private final Deque<Idle> byAge = new ArrayDeque<>();
  private long bytes;

  private long taken;

  /** One that waits since some nanosecond. */
  private record Idle(Image image, PooledInstance instance, long bytes, long since) {}

  InstancePool(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable PooledInstance take(Image image) {
    taken++;
    var waiting = byImage.get(image);
    if (waiting == null) {
      return null;
    }
    var newest = waiting.removeLast();
    forget(newest, waiting);
    byAge.removeLastOccurrence(newest);
    return newest.instance();
  }

  /** Takes an instance that was restored. */
  void give(Image image, PooledInstance instance) {
    var memory = instance.live().memory();
    if (memory == null) {
      return;
    }
    var held = memory.heldBytes();
    if (held - image.contentBytes() <= MAX_EXCESS_BYTES + image.contentBytes()) {
      add(new Idle(image, instance, held + OVERHEAD_BYTES, System.nanoTime()));
    }
  }

  private synchronized void add(Idle idle) {
    byImage.computeIfAbsent(idle.image(), _ -> new ArrayDeque<>()).addLast(idle);
    byAge.addLast(idle);
    bytes += idle.bytes();
    while (bytes > maxBytes && byAge.size() > 1) {
      dropOldest();
    }
  }

  /**
   * Lets go of those that have waited for so long.
   *
   * @return the bytes that they held
   */
  synchronized long dropIdle(Duration time) {
    var before = bytes;
    var now = System.nanoTime();
    while (!byAge.isEmpty() && now - byAge.getFirst().since() >= time.toNanos()) {
      dropOldest();
    }
    return before - bytes;
  }

  private void dropOldest() {
    var oldest = byAge.removeFirst();
    var waiting = byImage.get(oldest.image());
    if (waiting != null) {
      waiting.remove(oldest);
      forget(oldest, waiting);
    }
  }

  /** How often an instance was asked for. */
  synchronized long taken() {
    return taken;
  }

  private void forget(Idle idle, Deque<Idle> waiting) {
    bytes -= idle.bytes();
    if (waiting.isEmpty()) {
      byImage.remove(idle.image());
    }
  }

  synchronized long bytes() {
    return bytes;
  }
}
