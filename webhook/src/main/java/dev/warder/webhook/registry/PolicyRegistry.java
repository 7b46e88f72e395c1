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
  private final AtomicReference<Content> content =
      new AtomicReference<>(new Content(Map.of(), Map.of()));

  private record Content(Map<PolicyId, ServedPolicy> served, Map<PolicyId, Unserved> unserved) {}

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Calls the listener after each change, on the thread that made it; it must not block. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Serves the policy from now on, in the place of one with the same id. */
  public void publish(ServedPolicy policy) {
    content.updateAndGet(
        old -> {
          var next = new HashMap<>(old.served());
          next.put(policy.id(), policy);
          return new Content(Collections.unmodifiableMap(next), without(old, policy.id()));
        });
    listeners.forEach(Runnable::run);
  }

  /** Serves it no longer; nothing happens if it was not served. */
  public void withdraw(PolicyId id) {
    content.updateAndGet(
        old -> {
          var next = new HashMap<>(old.served());
          next.remove(id);
          return new Content(Collections.unmodifiableMap(next), without(old, id));
        });
    listeners.forEach(Runnable::run);
  }

  /** Serves it no longer, and says why to whoever asks, until it is published or withdrawn. */
  public void suspend(PolicyId id, String message) {
    content.updateAndGet(
        old -> {
          var served = new HashMap<>(old.served());
          served.remove(id);
          var unserved = new HashMap<>(old.unserved());
          unserved.put(id, new Unserved.Suspended(message));
          return new Content(
              Collections.unmodifiableMap(served), Collections.unmodifiableMap(unserved));
        });
    listeners.forEach(Runnable::run);
  }

  /**
   * Takes all of this for all that there was, at one moment.
   *
   * @param unserved those that are known and judge nothing; one that is also served is served
   */
  public void replace(Map<PolicyId, ServedPolicy> served, Map<PolicyId, Unserved> unserved) {
    content.set(new Content(Map.copyOf(served), Map.copyOf(unserved)));
  }

  public Optional<ServedPolicy> find(PolicyId id) {
    return Optional.ofNullable(content.get().served().get(id));
  }

  /** Why a policy that {@link #find} does not find judges nothing; empty if it is unknown. */
  public Optional<Unserved> unserved(PolicyId id) {
    return Optional.ofNullable(content.get().unserved().get(id));
  }

  /** All that is served at this moment; never changes. */
  public Map<PolicyId, ServedPolicy> snapshot() {
    return content.get().served();
  }

  private static Map<PolicyId, Unserved> without(Content old, PolicyId id) {
    var next = new HashMap<>(old.unserved());
    next.remove(id);
    return Collections.unmodifiableMap(next);
  }
}
