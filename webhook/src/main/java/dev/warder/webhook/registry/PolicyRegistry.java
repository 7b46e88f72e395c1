package dev.warder.webhook.registry;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The served policies. A request takes what it needs once and keeps it, so that a policy which is
 * replaced meanwhile judges it to the end.
 */
public final class PolicyRegistry {
  private final AtomicReference<Map<PolicyId, ServedPolicy>> served =
      new AtomicReference<>(Map.of());

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Calls the listener after each change, on the thread that made it; it must not block. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Serves the policy from now on, in the place of one with the same id. */
  public void publish(ServedPolicy policy) {
    served.updateAndGet(
        old -> {
          var next = new HashMap<>(old);
          next.put(policy.id(), policy);
          return Collections.unmodifiableMap(next);
        });
    listeners.forEach(Runnable::run);
  }

  /** Serves it no longer; nothing happens if it was not served. */
  public void withdraw(PolicyId id) {
    served.updateAndGet(
        old -> {
          var next = new HashMap<>(old);
          next.remove(id);
          return Collections.unmodifiableMap(next);
        });
    listeners.forEach(Runnable::run);
  }

  public Optional<ServedPolicy> find(PolicyId id) {
    return Optional.ofNullable(served.get().get(id));
  }

  /** All that is served at this moment; never changes. */
  public Map<PolicyId, ServedPolicy> snapshot() {
    return served.get();
  }
}
