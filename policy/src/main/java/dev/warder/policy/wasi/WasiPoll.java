package dev.warder.policy.wasi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Preview 1: waiting for clocks and descriptors, and so also sleeping. */
final class WasiPoll {
  /** Where the two names of preview 1 put a clock in a subscription, and a subscription's size. */
  enum Layout {
    PREVIEW1(48, 16),
    UNSTABLE(56, 24);

    private final int bytes;
    private final int clockAt;

    Layout(int bytes, int clockAt) {
      this.bytes = bytes;
      this.clockAt = clockAt;
    }
  }

  private static final int MAX_SUBSCRIPTIONS = 4096;
  private static final int EVENT_BYTES = 32;
  private static final int TAG_AT = 8;
  private static final int DESCRIPTOR_AT = 16;
  private static final int TIMEOUT_AFTER_CLOCK = 8;
  private static final int FLAGS_AFTER_CLOCK = 24;
  private static final int ABSOLUTE = 1;
  private static final int CLOCK = 0;
  private static final int READ = 1;
  private static final int WRITE = 2;

  private WasiPoll() {}

  static Map<String, HostFunction> functions(Layout layout) {
    return Map.of(
        "poll_oneoff", HostFunction.of("iiii", (guest, args) -> poll(guest, args, layout)));
  }

  /**
   * One thing waited for.
   *
   * @param dueNanos how long from now until it happens; zero or less for now
   */
  private record Event(long userdata, int type, int errno, long bytes, long dueNanos) {}

  private static int poll(Guest guest, long[] args, Layout layout) {
    var subscriptions = (int) args[0];
    var events = (int) args[1];
    var count = (int) args[2];
    if (count == 0 || Integer.compareUnsigned(count, MAX_SUBSCRIPTIONS) > 0) {
      return Errno.INVAL;
    }
    var memory = guest.memory();
    memory.check(subscriptions, count, layout.bytes);
    memory.check(events, count, EVENT_BYTES);
    memory.check((int) args[3], Integer.BYTES);

    // All are read before any is written: the guest may have put both in one place.
    var awaited = new ArrayList<Event>();
    for (int i = 0; i < count; i++) {
      awaited.add(event(guest, subscriptions + i * layout.bytes, layout));
    }
    var first = awaited.stream().mapToLong(Event::dueNanos).min().orElse(0);
    var waited = first > 0 ? sleep(guest, first) : 0;
    var happened = awaited.stream().filter(event -> event.dueNanos() <= waited).toList();
    write(memory, events, happened);
    memory.writeInt((int) args[3], happened.size());
    return Errno.SUCCESS;
  }

  private static Event event(Guest guest, int address, Layout layout) {
    var memory = guest.memory();
    var userdata = memory.readLong(address);
    var type = memory.readByte(address + TAG_AT);
    return switch (type) {
      case CLOCK -> clockEvent(guest, userdata, address + layout.clockAt);
      case READ, WRITE ->
          descriptorEvent(guest, userdata, type, memory.readInt(address + DESCRIPTOR_AT));
      default -> new Event(userdata, type, Errno.INVAL, 0, 0);
    };
  }

  private static Event clockEvent(Guest guest, long userdata, int address) {
    var memory = guest.memory();
    var now = WasiClocks.now(guest, memory.readInt(address));
    if (now.isEmpty()) {
      return new Event(userdata, CLOCK, Errno.INVAL, 0, 0);
    }
    var unsigned = memory.readLong(address + TIMEOUT_AFTER_CLOCK);
    var timeout = unsigned < 0 ? Long.MAX_VALUE : unsigned;
    var absolute = (memory.readShort(address + FLAGS_AFTER_CLOCK) & ABSOLUTE) != 0;
    return new Event(
        userdata, CLOCK, Errno.SUCCESS, 0, absolute ? timeout - now.getAsLong() : timeout);
  }

  private static Event descriptorEvent(Guest guest, long userdata, int type, int number) {
    var descriptor = guest.descriptors().find(number);
    if (descriptor == null) {
      return new Event(userdata, type, Errno.BADF, 0, 0);
    }
    var input = descriptor.input();
    if (type == READ) {
      return input == null
          ? new Event(userdata, type, Errno.BADF, 0, 0)
          : new Event(userdata, type, Errno.SUCCESS, input.available(), 0);
    }
    return new Event(userdata, type, input == null ? Errno.SUCCESS : Errno.BADF, 0, 0);
  }

  /** Sleeps at least that long and gives back how long; a sleep past the deadline ends at once. */
  private static long sleep(Guest guest, long nanos) {
    if (nanos >= guest.deadline().remainingNanos()) {
      throw guest.over(Overrun.TIME);
    }
    var start = System.nanoTime();
    var _ = GuestThreads.waiting(guest, () -> sleepUntil(start, nanos));
    return System.nanoTime() - start;
  }

  private static long sleepUntil(long start, long nanos) throws InterruptedException {
    var slept = System.nanoTime() - start;
    for (; slept < nanos; slept = System.nanoTime() - start) {
      Thread.sleep(Duration.ofNanos(nanos - slept));
    }
    return slept;
  }

  private static void write(GuestMemory memory, int address, List<Event> happened) {
    var at = address;
    for (var event : happened) {
      memory.write(at, new byte[EVENT_BYTES]);
      memory.writeLong(at, event.userdata());
      memory.writeInt(at + 8, event.errno() | event.type() << 16);
      memory.writeLong(at + 16, event.bytes());
      at += EVENT_BYTES;
    }
  }
}
