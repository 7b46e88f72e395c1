package dev.warder.policy.wasi.store;

import dev.warder.policy.reference.Digest;
import java.util.HashMap;
import java.util.Map;

/** Which programs of a store this process has open. */
final class InUse {
  private final Map<Digest, Integer> users = new HashMap<>();

  synchronized void enter(Digest module) {
    users.merge(module, 1, Integer::sum);
  }

  synchronized void leave(Digest module) {
    users.computeIfPresent(module, (_, n) -> n == 1 ? null : n - 1);
  }

  synchronized boolean contains(Digest module) {
    return users.containsKey(module);
  }
}
