package dev.warder.policy.wasi;

import org.jspecify.annotations.Nullable;

/**
 * For whom the host functions of an instance work; an instance serves one guest after the other.
 */
final class GuestSlot {
  private @Nullable Guest guest;

  void set(Guest next) {
    guest = next;
  }

  void clear() {
    guest = null;
  }

  Guest get() {
    if (guest == null) {
      throw new IllegalStateException("a host function was called outside of a run");
    }
    return guest;
  }
}
