package dev.warder.policy.wasi;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;

/** Preview 1: arguments, environment, exit, randomness, scheduling. */
final class WasiProcess {
  static final String PROGRAM = "policy.wasm";
  private static final int POINTER_BYTES = 4;
  private static final int RANDOM_CHUNK = 4096;

  private final SecureRandom random = new SecureRandom();

  Map<String, HostFunction> functions() {
    return Map.ofEntries(
        Map.entry("args_sizes_get", HostFunction.of("ii", WasiProcess::argsSizes)),
        Map.entry("args_get", HostFunction.of("ii", WasiProcess::args)),
        Map.entry("environ_sizes_get", HostFunction.of("ii", WasiProcess::environSizes)),
        Map.entry("environ_get", HostFunction.answering("ii", Errno.SUCCESS)),
        Map.entry("proc_exit", HostFunction.ending("i", WasiProcess::exit)),
        Map.entry("proc_raise", HostFunction.of("i", WasiProcess::raise)),
        Map.entry("random_get", HostFunction.of("ii", this::random)),
        Map.entry("sched_yield", HostFunction.answering("", Errno.SUCCESS)));
  }

  private static byte[] argumentBlock(Guest guest) {
    return argumentBlock(guest.command());
  }

  /** All arguments, each with its end. */
  static byte[] argumentBlock(Command command) {
    return (PROGRAM + '\0' + command.argument() + '\0').getBytes(StandardCharsets.UTF_8);
  }

  private static int argsSizes(Guest guest, long[] args) {
    guest.memory().writeInt((int) args[0], 2);
    guest.memory().writeInt((int) args[1], argumentBlock(guest).length);
    return Errno.SUCCESS;
  }

  private static int args(Guest guest, long[] args) {
    var pointers = (int) args[0];
    var block = (int) args[1];
    var memory = guest.memory();
    memory.check(pointers, 2, POINTER_BYTES);
    memory.write(block, argumentBlock(guest));
    memory.writeInt(pointers, block);
    memory.writeInt(pointers + POINTER_BYTES, block + PROGRAM.length() + 1);
    return Errno.SUCCESS;
  }

  private static int environSizes(Guest guest, long[] args) {
    guest.memory().writeInt((int) args[0], 0);
    guest.memory().writeInt((int) args[1], 0);
    return Errno.SUCCESS;
  }

  private static int exit(Guest guest, long[] args) {
    throw new Stop.Exit((int) args[0]);
  }

  private static int raise(Guest guest, long[] args) {
    throw new Stop.Trap("the module raised signal " + Integer.toUnsignedString((int) args[0]));
  }

  private int random(Guest guest, long[] args) {
    var address = (int) args[0];
    var length = (int) args[1];
    var memory = guest.memory();
    memory.check(address, length);
    var chunk = new byte[Math.min(length, RANDOM_CHUNK)];
    for (int done = 0; done < length; done += chunk.length) {
      guest.checkTime();
      random.nextBytes(chunk);
      memory.write(address + done, chunk, 0, Math.min(chunk.length, length - done));
    }
    return Errno.SUCCESS;
  }
}
