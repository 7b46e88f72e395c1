package dev.warder.webhook.http;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** Named conditions that must all be met before the server wants traffic. */
public final class Readiness {
  private final AtomicReference<Map<String, Boolean>> conditions = new AtomicReference<>(Map.of());

  /** A condition that is not met so far. */
  public void expect(String condition) {
    set(condition, false);
  }

  public void met(String condition) {
    set(condition, true);
  }

  public void unmet(String condition) {
    set(condition, false);
  }

  /** The conditions that are not met, in alphabetical order. */
  public List<String> missing() {
    return conditions.get().entrySet().stream()
        .filter(condition -> !condition.getValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  private void set(String condition, boolean met) {
    conditions.updateAndGet(
        old -> {
          var changed = new TreeMap<>(old);
          changed.put(condition, met);
          return changed;
        });
  }
}
