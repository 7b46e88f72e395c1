package dev.warder.policy.wasi;

import dev.warder.policy.wasi.HostCallGate.HostCall;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;

/** The import {@code host.call}: asks the gate, and puts its reply behind the guest's stdin. */
final class HostCalls {
  private static final int MAX_NAME_BYTES = 1024;
  private static final int MAX_PAYLOAD_BYTES = 4 << 20;
  private static final int GRANTED = 0;
  private static final int REFUSED = 1;

  private HostCalls() {}

  static HostFunction function() {
    return HostFunction.of("iiiiiiii", HostCalls::call);
  }

  private static int call(Guest guest, long[] args) {
    guest.countHostCall();
    var reply = reply(guest, args);
    guest.countHostReply(reply.bytes().length);
    guest.descriptors().stdin().append(reply.bytes());
    return reply.granted() ? GRANTED : REFUSED;
  }

  private static Reply reply(Guest guest, long[] args) {
    var memory = guest.memory();
    var binding = memory.readText((int) args[0], (int) args[1], MAX_NAME_BYTES);
    var namespace = memory.readText((int) args[2], (int) args[3], MAX_NAME_BYTES);
    var operation = memory.readText((int) args[4], (int) args[5], MAX_NAME_BYTES);
    var payload = (int) args[6];
    var length = (int) args[7];
    memory.check(payload, length);
    if (length > MAX_PAYLOAD_BYTES) {
      return Reply.refused(
          "the payload of \"%s/%s\" is larger than %d bytes"
              .formatted(namespace, operation, MAX_PAYLOAD_BYTES));
    }
    var call = new HostCall(binding, namespace, operation, memory.read(payload, length));
    StackRoom.check();
    return switch (guest.gate().ask(call)) {
      case Reply reply -> reply;
      case Waiting(var wait) -> GuestThreads.waiting(guest, wait);
    };
  }
}
