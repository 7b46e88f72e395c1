package dev.warder.policy.host;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often guests called the host. */
final class CallCounts {
  private final Map<HostOperation, LongAdder> calls = new EnumMap<>(HostOperation.class);
  private final LongAdder violations = new LongAdder();

  CallCounts() {
    Arrays.stream(HostOperation.values()).forEach(one -> calls.put(one, new LongAdder()));
  }

  void called(HostOperation operation) {
    var count = calls.get(operation);
    if (count != null) {
      count.increment();
    }
  }

  void violated() {
    violations.increment();
  }

  long calls(HostOperation operation) {
    var count = calls.get(operation);
    return count == null ? 0 : count.sum();
  }

  long violations() {
    return violations.sum();
  }
}
