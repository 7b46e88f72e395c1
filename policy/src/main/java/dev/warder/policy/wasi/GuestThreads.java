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
    return factory(namePrefix, Aside.NOBODY);
  }

  /** The same, whose guests step aside while they wait. */
  public static ThreadFactory factory(String namePrefix, Aside aside) {
    var number = new AtomicInteger();
    return task -> new GuestThread(task, namePrefix + "-" + number.incrementAndGet(), aside);
  }

  static boolean isCurrent() {
    return Thread.currentThread() instanceof GuestThread;
  }

  /** Waits for the guest, aside from those that run; ends the run if its time is up. */
  static <T> T waiting(Guest guest, Aside.Wait<T> wait) {
    try {
      return current().waiting(wait);
    } catch (InterruptedException e) {
      guest.checkTime();
      throw new Stop.Trap("the run was interrupted");
    }
  }

  private static Aside current() {
    return Thread.currentThread() instanceof GuestThread guest ? guest.aside : Aside.NOBODY;
  }

  private static final class GuestThread extends Thread {
    private final Aside aside;

    private GuestThread(Runnable task, String name, Aside aside) {
      super(null, task, name, STACK_BYTES, false);
      this.aside = aside;
      setDaemon(true);
    }
  }
}
