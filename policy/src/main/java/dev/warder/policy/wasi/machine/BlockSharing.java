package dev.warder.policy.wasi.machine;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds blocks of equal content: images of modules that were built with the same compiler have most
 * in common. Holds no block alive. Safe for concurrent use.
 */
public final class BlockSharing {
  private static final int SWEEP_ENTRIES = 1024;

  private final Map<Integer, WeakReference<byte[]>> byHash = new LinkedHashMap<>();
  private int untilSweep = SWEEP_ENTRIES;

  /** A block that equals this one, which is never written to again. */
  synchronized byte[] shared(byte[] block) {
    var hash = Arrays.hashCode(block);
    var reference = byHash.get(hash);
    var known = reference == null ? null : reference.get();
    if (known != null) {
      // Of two blocks that differ and have one hash, the second is not shared.
      return Arrays.equals(known, block) ? known : block;
    }
    byHash.put(hash, new WeakReference<>(block));
    untilSweep--;
    if (untilSweep <= 0) {
      sweep();
    }
    return block;
  }

  private void sweep() {
    for (Iterator<WeakReference<byte[]>> all = byHash.values().iterator(); all.hasNext(); ) {
      if (all.next().refersTo(null)) {
        all.remove();
      }
    }
    untilSweep = Math.max(SWEEP_ENTRIES, byHash.size());
  }
}
