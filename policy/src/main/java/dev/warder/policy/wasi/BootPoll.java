package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.Memory;

/** Waiting in a boot: only for time, of which less than a second passes at once. */
final class BootPoll {
  private static final int MAX_SUBSCRIPTIONS = 16;
  private static final long MAX_SLEEP_NANOS = 1_000_000_000;
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int TAG_AT = 8;
  private static final int CLOCK_AT = 16;
  private static final int TIMEOUT_AT = 24;
  private static final int FLAGS_AT = 40;
  private static final int ABSOLUTE = 1;

  private final Memory memory;
  private final BootClock clock;

  BootPoll(Memory memory, BootClock clock) {
    this.memory = memory;
    this.clock = clock;
  }

  int poll(long[] args) {
    var subscriptions = (int) args[0];
    var count = (int) args[2];
    if (count < 1 || count > MAX_SUBSCRIPTIONS) {
      throw new BootEnd.Refused("waits for nothing, or for much, before it reads its input");
    }
    var due = new long[count];
    var userdata = new long[count];
    var first = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      var at = subscriptions + i * SUBSCRIPTION_BYTES;
      userdata[i] = memory.readLong(at);
      due[i] = due(at);
      first = Math.min(first, due[i]);
    }
    if (first >= MAX_SLEEP_NANOS) {
      throw new BootEnd.Refused("sleeps for a second or more before it reads its input");
    }
    clock.sleep(first);
    int happened = 0;
    for (int i = 0; i < count; i++) {
      if (due[i] <= first) {
        var at = (int) args[1] + happened * EVENT_BYTES;
        memory.write(at, new byte[EVENT_BYTES]);
        memory.writeLong(at, userdata[i]);
        happened++;
      }
    }
    memory.writeI32((int) args[3], happened);
    return Errno.SUCCESS;
  }

  private long due(int at) {
    var number = memory.readInt(at + CLOCK_AT);
    if (memory.read(at + TAG_AT) != 0 || !clock.exists(number)) {
      throw new BootEnd.Refused("waits for its input before it reads it");
    }
    var timeout = memory.readLong(at + TIMEOUT_AT);
    var absolute = (memory.readShort(at + FLAGS_AT) & ABSOLUTE) != 0;
    var left = absolute ? clock.until(number, timeout) : timeout;
    return timeout < 0 ? Long.MAX_VALUE : Math.max(0, left);
  }
}
