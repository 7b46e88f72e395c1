package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Outcome.Done;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.CompiledModule;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The programs in use, by the digest of their module: two policies of one module share one. A
 * program lives as long as somebody holds it; this cache does not count.
 */
final class Programs {
  private final Map<Digest, Slot> slots = new HashMap<>();

  /** Gets the program or compiles it; callers wait only for others with the same module. */
  Outcome<CompiledModule> get(Digest digest, Supplier<Outcome<CompiledModule>> compile) {
    var slot = enter(digest);
    try {
      return slot.get(compile);
    } finally {
      leave(slot);
    }
  }

  synchronized int size() {
    slots.values().removeIf(Slot::isAbandoned);
    return slots.size();
  }

  private synchronized Slot enter(Digest digest) {
    slots.values().removeIf(Slot::isAbandoned);
    var slot = slots.computeIfAbsent(digest, _ -> new Slot());
    slot.users++;
    return slot;
  }

  private synchronized void leave(Slot slot) {
    slot.users--;
  }

  private static final class Slot {
    /** Guarded by the cache; keeps a slot while its program is being compiled. */
    private int users;

    private volatile WeakReference<CompiledModule> program = new WeakReference<>(null);

    private boolean isAbandoned() {
      return users == 0 && program.get() == null;
    }

    private synchronized Outcome<CompiledModule> get(Supplier<Outcome<CompiledModule>> compile) {
      var known = program.get();
      if (known != null) {
        return Outcome.done(known);
      }
      var compiled = compile.get();
      if (compiled instanceof Done<CompiledModule>(var module)) {
        program = new WeakReference<>(module);
      }
      return compiled;
    }
  }
}
