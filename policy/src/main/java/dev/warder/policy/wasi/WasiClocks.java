package dev.warder.policy.wasi;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Preview 1: the wall clock and the monotonic clock; there are no CPU clocks. */
final class WasiClocks {
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final long REALTIME_RESOLUTION_NANOS = 1000;
  private static final long MONOTONIC_RESOLUTION_NANOS = 1;

  private WasiClocks() {}

  static Map<String, HostFunction> functions() {
    return Map.of(
        "clock_res_get", HostFunction.of("ii", WasiClocks::resolution),
        "clock_time_get", HostFunction.of("ili", WasiClocks::time));
  }

  /** Nanoseconds on the clock of that number, if there is one. */
  static OptionalLong now(Guest guest, int clock) {
    return switch (clock) {
      case REALTIME -> OptionalLong.of(epochNanos(Instant.now()));
      case MONOTONIC -> OptionalLong.of(guest.monotonicNanos());
      default -> OptionalLong.empty();
    };
  }

  private static long epochNanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  private static int time(Guest guest, long[] args) {
    var now = now(guest, (int) args[0]);
    if (now.isEmpty()) {
      return Errno.INVAL;
    }
    guest.memory().writeLong((int) args[2], now.getAsLong());
    return Errno.SUCCESS;
  }

  private static int resolution(Guest guest, long[] args) {
    var clock = (int) args[0];
    if (clock != REALTIME && clock != MONOTONIC) {
      return Errno.INVAL;
    }
    guest
        .memory()
        .writeLong(
            (int) args[1],
            clock == REALTIME ? REALTIME_RESOLUTION_NANOS : MONOTONIC_RESOLUTION_NANOS);
    return Errno.SUCCESS;
  }
}
