package dev.warder.webhook.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all request bodies that are held at one time, being received, queued or
 * evaluated.
 */
final class ByteGate {
  private final long capacity;
  private final AtomicLong held = new AtomicLong();

  ByteGate(long capacity) {
    this.capacity = capacity;
  }

  /** What one request holds; may be given back from any thread, more than once. */
  final class Lease implements AutoCloseable {
    private final AtomicLong bytes = new AtomicLong();

    /** False, and nothing changed, if the gate has no room for that many more. */
    boolean grow(int more) {
      if (held.addAndGet(more) > capacity) {
        held.addAndGet(-more);
        return false;
      }
      bytes.addAndGet(more);
      return true;
    }

    @Override
    public void close() {
      held.addAndGet(-bytes.getAndSet(0));
    }
  }

  Lease lease() {
    return new Lease();
  }

  long held() {
    return held.get();
  }
}
