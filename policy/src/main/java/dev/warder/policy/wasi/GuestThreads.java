package dev.warder.policy.wasi;

import dev.warder.policy.wasi.machine.LinearMemory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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

  /**
   * The calling thread.
   *
   * @throws IllegalStateException if it was not made here
   */
  static GuestThread current() {
    if (Thread.currentThread() instanceof GuestThread thread) {
      return thread;
    }
    throw new IllegalStateException("guest code runs only on threads of GuestThreads");
  }

  /** Waits for the guest, aside from those that run; ends the run if its time is up. */
  static <T> T waiting(Guest guest, Aside.Wait<T> wait) {
    var aside = Thread.currentThread() instanceof GuestThread thread ? thread.aside : Aside.NOBODY;
    try {
      return aside.waiting(wait);
    } catch (InterruptedException e) {
      guest.checkTime();
      throw new Stop.Trap("the run was interrupted");
    }
  }

  /** Interrupting it also ends the guest that it runs, which looks at a flag of its own. */
  static final class GuestThread extends Thread {
    private final Aside aside;
    private final Object lock = new Object();
    private @Nullable LinearMemory guest;

    private GuestThread(Runnable task, String name, Aside aside) {
      super(null, task, name, STACK_BYTES, false);
      this.aside = aside;
      setDaemon(true);
    }

    /** From now on an interrupt ends what works on this memory; so does an earlier one. */
    void enter(LinearMemory memory) {
      synchronized (lock) {
        guest = memory;
        if (isInterrupted()) {
          memory.end();
        } else {
          memory.clearEnd();
        }
      }
    }

    void leave() {
      synchronized (lock) {
        guest = null;
      }
    }

    @Override
    public void interrupt() {
      super.interrupt();
      synchronized (lock) {
        if (guest != null) {
          guest.end();
        }
      }
    }
  }
}
