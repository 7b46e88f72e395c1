package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets those who want the same bytes get them one after the other. */
final class Turns {
  private final Map<Digest, Turn> turns = new HashMap<>();

  private static final class Turn {
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the outer class. */
    private int users;
  }

  <T> Outcome<T> take(Digest digest, Deadline deadline, Supplier<Outcome<T>> work) {
    var turn = enter(digest);
    try {
      if (!turn.lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
        return Outcome.failed(
            Reason.ModuleFetchTimeout,
            "the fetch of %s that is under way was not over after %d ms; it is tried again"
                .formatted(digest, deadline.limit().toMillis()));
      }
      try {
        return work.get();
      } finally {
        turn.lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed(
          Reason.ModuleSourceUnreachable, "waiting for " + digest + " was interrupted");
    } finally {
      leave(digest, turn);
    }
  }

  private synchronized Turn enter(Digest digest) {
    var turn = turns.computeIfAbsent(digest, _ -> new Turn());
    turn.users++;
    return turn;
  }

  private synchronized void leave(Digest digest, Turn turn) {
    turn.users--;
    if (turn.users == 0) {
      turns.remove(digest);
    }
  }
}
