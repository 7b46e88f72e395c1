package dev.warder.webhook.warmup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whose turn it is: the newest course until it is no longer young, and when none is young, one
 * after the other. Not thread-safe.
 *
 * @param <K> what a course is of
 */
final class Turns<K> {
  private final Map<K, Course> courses = new HashMap<>();
  private final Deque<K> young = new ArrayDeque<>();
  private final Deque<K> others = new ArrayDeque<>();

  void add(K key, Course course) {
    courses.put(key, course);
    young.addFirst(key);
  }

  /** Empty if there is none. */
  Optional<K> next() {
    while (!young.isEmpty() && !course(young.getFirst()).young()) {
      others.addLast(young.removeFirst());
    }
    if (!young.isEmpty()) {
      return Optional.of(young.getFirst());
    }
    var next = others.pollFirst();
    if (next != null) {
      others.addLast(next);
    }
    return Optional.ofNullable(next);
  }

  Course course(K key) {
    return Objects.requireNonNull(courses.get(key));
  }

  void remove(K key) {
    courses.remove(key);
    young.remove(key);
    others.remove(key);
  }

  Set<K> keys() {
    return Set.copyOf(courses.keySet());
  }
}
