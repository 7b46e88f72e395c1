package dev.warder.policy.wasi;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that may run guest code; their stack size is the guest's call depth budget. */
public final class GuestThreads {
  /** Bytes of stack per thread. */
  public static final int STACK_BYTES = 8 << 20;

  private GuestThreads() {}

  /** Daemon threads named {@code <namePrefix>-1}, {@code -2}, … */
  public static ThreadFactory factory(String namePrefix) {
    var number = new AtomicInteger();
    return task -> new GuestThread(task, namePrefix + "-" + number.incrementAndGet());
  }

  static boolean isCurrent() {
    return Thread.currentThread() instanceof GuestThread;
  }

  private static final class GuestThread extends Thread {
    private GuestThread(Runnable task, String name) {
      super(null, task, name, STACK_BYTES, false);
      setDaemon(true);
    }
  }
}
