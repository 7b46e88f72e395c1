package dev.warder.policy.fetch;

import dev.warder.policy.reference.Digest;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must stay in a store, for as long as somebody has the object that needs it. */
final class Holds {
  private final List<Hold> holds = new ArrayList<>();

  private record Hold(WeakReference<Object> owner, Set<Digest> parts) {
    boolean isOver() {
      return owner.get() == null;
    }
  }

  synchronized void hold(Object owner, Set<Digest> parts) {
    holds.removeIf(Hold::isOver);
    holds.add(new Hold(new WeakReference<>(owner), Set.copyOf(parts)));
  }

  synchronized Set<Digest> held() {
    holds.removeIf(Hold::isOver);
    var held = new HashSet<Digest>();
    holds.forEach(hold -> held.addAll(hold.parts()));
    return held;
  }
}
