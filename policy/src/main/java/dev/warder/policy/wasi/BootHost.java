package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.FunctionImport;

/**
 * The imports of a boot. They answer what is the same for every evaluation, stop at what is not,
 * and refuse what would leave a trace outside the module. Time passes only by sleeping.
 */
final class BootHost {
  private static final String WASI = "wasi_snapshot_preview1";
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int FDSTAT_BYTES = 24;
  private static final int FDSTAT_FLAGS_AT = 2;
  private static final int FDSTAT_RIGHTS_AT = 8;
  private static final long RESOLUTION_NANOS = 1000;

  private final byte[] arguments;
  private final BootRandom random;
  private final BootClock clock;
  private final int[] flags = new int[STDERR + 1];

  BootHost(Command command, GoBoot.Conditions conditions) {
    arguments = WasiProcess.argumentBlock(command);
    random = new BootRandom(conditions.seed());
    clock = new BootClock(conditions.wallClock());
  }

  boolean readWallClock() {
    return clock.readWallClock();
  }

  /** What the guest made of the flags of its three descriptors. */
  int[] descriptorFlags() {
    return flags.clone();
  }

  long[] call(int number, FunctionImport function, Memory memory, long[] args) {
    if (!function.module().equals(WASI)) {
      throw new BootEnd.Asked(number);
    }
    return new long[] {answer(number, function.name(), memory, args)};
  }

  private int answer(int number, String name, Memory memory, long[] args) {
    return switch (name) {
      case "args_sizes_get" -> sizes(memory, args, 2, arguments.length);
      case "args_get" -> arguments(memory, args);
      case "environ_sizes_get" -> sizes(memory, args, 0, 0);
      case "environ_get", "sched_yield" -> Errno.SUCCESS;
      case "clock_time_get" -> time(memory, args);
      case "clock_res_get" -> resolution(memory, args);
      case "random_get" -> random(memory, args);
      case "fd_fdstat_get" -> fdstat(memory, args);
      case "fd_fdstat_set_flags" -> setFlags(args);
      case "fd_prestat_get", "fd_prestat_dir_name" -> Errno.BADF;
      case "poll_oneoff" -> new BootPoll(memory, clock).poll(args);
      case "fd_read" -> throw args[0] == STDIN ? new BootEnd.Asked(number) : other(name);
      case "fd_write" -> throw written(number, args);
      default -> throw other(name);
    };
  }

  private static BootEnd written(int number, long[] args) {
    return switch ((int) args[0]) {
      case STDOUT -> new BootEnd.Asked(number);
      case STDERR -> new BootEnd.Refused("writes to standard error before it reads its input");
      default -> other("fd_write");
    };
  }

  private static BootEnd other(String name) {
    return new BootEnd.Refused("calls " + name + " before it reads its input");
  }

  private static int sizes(Memory memory, long[] args, int count, int bytes) {
    memory.writeI32((int) args[0], count);
    memory.writeI32((int) args[1], bytes);
    return Errno.SUCCESS;
  }

  private int arguments(Memory memory, long[] args) {
    var pointers = (int) args[0];
    var block = (int) args[1];
    memory.write(block, arguments);
    memory.writeI32(pointers, block);
    memory.writeI32(pointers + Integer.BYTES, block + WasiProcess.PROGRAM.length() + 1);
    return Errno.SUCCESS;
  }

  private int time(Memory memory, long[] args) {
    if (!clock.exists((int) args[0])) {
      return Errno.INVAL;
    }
    memory.writeLong((int) args[2], clock.read((int) args[0]));
    return Errno.SUCCESS;
  }

  private int resolution(Memory memory, long[] args) {
    if (!clock.exists((int) args[0])) {
      return Errno.INVAL;
    }
    memory.writeLong((int) args[1], RESOLUTION_NANOS);
    return Errno.SUCCESS;
  }

  private int random(Memory memory, long[] args) {
    for (int done = 0; done < (int) args[1]; ) {
      var block = random.next();
      var length = Math.min(block.length, (int) args[1] - done);
      memory.write((int) args[0] + done, block, 0, length);
      done += length;
    }
    return Errno.SUCCESS;
  }

  /** As {@link WasiStdio} answers. */
  private int fdstat(Memory memory, long[] args) {
    var descriptor = (int) args[0];
    if (!exists(descriptor)) {
      return Errno.BADF;
    }
    var address = (int) args[1];
    memory.write(address, new byte[FDSTAT_BYTES]);
    memory.writeI32(address + FDSTAT_FLAGS_AT, flags[descriptor]);
    memory.writeLong(address + FDSTAT_RIGHTS_AT, WasiStdio.rights(descriptor == STDIN));
    return Errno.SUCCESS;
  }

  /** Go asks for descriptors that do not block, in every program. */
  private int setFlags(long[] args) {
    var descriptor = (int) args[0];
    if (!exists(descriptor)) {
      return Errno.BADF;
    }
    if ((args[1] & ~WasiStdio.ALL_FLAGS) != 0) {
      return Errno.INVAL;
    }
    flags[descriptor] = (int) args[1];
    return Errno.SUCCESS;
  }

  private static boolean exists(int descriptor) {
    return descriptor >= STDIN && descriptor <= STDERR;
  }
}
