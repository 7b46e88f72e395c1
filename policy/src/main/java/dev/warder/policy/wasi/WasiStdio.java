package dev.warder.policy.wasi;

import java.util.Map;

/** Preview 1: the three standard descriptors, which are pipes. */
final class WasiStdio {
  private static final int MAX_IO_VECTORS = 1 << 16;
  private static final int IO_VECTOR_BYTES = 8;

  private static final int FDSTAT_BYTES = 24;
  private static final int FDSTAT_FLAGS_AT = 2;
  private static final int FDSTAT_RIGHTS_AT = 8;
  static final int ALL_FLAGS = 0x1F;

  private static final long RIGHT_READ = 1L << 1;
  private static final long RIGHT_SET_FLAGS = 1L << 3;
  private static final long RIGHT_WRITE = 1L << 6;
  private static final long RIGHT_FILESTAT = 1L << 21;
  private static final long RIGHT_POLL = 1L << 27;

  private WasiStdio() {}

  /** With the size of the filestat structure, which the two names of preview 1 disagree on. */
  static Map<String, HostFunction> functions(int filestatBytes) {
    return Map.ofEntries(
        Map.entry("fd_read", HostFunction.of("iiii", WasiStdio::read)),
        Map.entry("fd_write", HostFunction.of("iiii", WasiStdio::write)),
        Map.entry("fd_close", HostFunction.of("i", WasiStdio::close)),
        Map.entry("fd_renumber", HostFunction.of("ii", WasiStdio::renumber)),
        Map.entry("fd_fdstat_get", HostFunction.of("ii", WasiStdio::fdstat)),
        Map.entry("fd_fdstat_set_flags", HostFunction.of("ii", WasiStdio::setFlags)),
        Map.entry("fd_fdstat_set_rights", ifOpen("ill", Errno.NOTSUP)),
        Map.entry(
            "fd_filestat_get",
            HostFunction.of("ii", (guest, args) -> filestat(guest, args, filestatBytes))),
        Map.entry("fd_filestat_set_size", ifOpen("il", Errno.INVAL)),
        Map.entry("fd_filestat_set_times", ifOpen("illi", Errno.INVAL)),
        Map.entry("fd_advise", ifOpen("illi", Errno.SPIPE)),
        Map.entry("fd_allocate", ifOpen("ill", Errno.SPIPE)),
        Map.entry("fd_pread", ifOpen("iiili", Errno.SPIPE)),
        Map.entry("fd_pwrite", ifOpen("iiili", Errno.SPIPE)),
        Map.entry("fd_seek", ifOpen("ilii", Errno.SPIPE)),
        Map.entry("fd_tell", ifOpen("ii", Errno.SPIPE)),
        Map.entry("fd_sync", ifOpen("i", Errno.SUCCESS)),
        Map.entry("fd_datasync", ifOpen("i", Errno.SUCCESS)));
  }

  private static HostFunction ifOpen(String parameters, int errno) {
    return HostFunction.of(
        parameters,
        (guest, args) -> guest.descriptors().find((int) args[0]) == null ? Errno.BADF : errno);
  }

  private static int read(Guest guest, long[] args) {
    var descriptor = guest.descriptors().find((int) args[0]);
    if (descriptor == null || descriptor.input() == null) {
      return Errno.BADF;
    }
    var input = descriptor.input();
    return transfer(
        guest,
        args,
        (memory, address, length) -> {
          memory.check(address, length);
          return input.drainTo(memory, address, length);
        });
  }

  private static int write(Guest guest, long[] args) {
    var descriptor = guest.descriptors().find((int) args[0]);
    if (descriptor == null || descriptor.output() == null) {
      return Errno.BADF;
    }
    var output = descriptor.output();
    return transfer(
        guest,
        args,
        (memory, address, length) -> {
          memory.check(address, length);
          output.take(memory, address, length);
          return length;
        });
  }

  /** Moves the bytes of one vector; gives back how many. */
  private interface Mover {
    int move(GuestMemory memory, int address, int length);
  }

  private static int transfer(Guest guest, long[] args, Mover mover) {
    var vectors = (int) args[1];
    var count = (int) args[2];
    if (Integer.compareUnsigned(count, MAX_IO_VECTORS) > 0) {
      return Errno.INVAL;
    }
    var memory = guest.memory();
    memory.check(vectors, count, IO_VECTOR_BYTES);
    int moved = 0;
    for (int i = 0; i < count; i++) {
      var vector = vectors + i * IO_VECTOR_BYTES;
      var length = memory.readInt(vector + Integer.BYTES);
      var now = mover.move(memory, memory.readInt(vector), length);
      moved += now;
      if (now != length) {
        break;
      }
    }
    memory.writeInt((int) args[3], moved);
    return Errno.SUCCESS;
  }

  private static int close(Guest guest, long[] args) {
    return guest.descriptors().close((int) args[0]) ? Errno.SUCCESS : Errno.BADF;
  }

  private static int renumber(Guest guest, long[] args) {
    return guest.descriptors().renumber((int) args[0], (int) args[1]) ? Errno.SUCCESS : Errno.BADF;
  }

  private static int fdstat(Guest guest, long[] args) {
    var descriptor = guest.descriptors().find((int) args[0]);
    if (descriptor == null) {
      return Errno.BADF;
    }
    var address = (int) args[1];
    // The file type stays "unknown", as preview 1 has no number for a pipe.
    guest.memory().write(address, new byte[FDSTAT_BYTES]);
    guest.memory().writeInt(address + FDSTAT_FLAGS_AT, descriptor.flags());
    guest.memory().writeLong(address + FDSTAT_RIGHTS_AT, rights(descriptor.input() != null));
    return Errno.SUCCESS;
  }

  static long rights(boolean input) {
    var transfer = input ? RIGHT_READ : RIGHT_WRITE;
    return transfer | RIGHT_SET_FLAGS | RIGHT_FILESTAT | RIGHT_POLL;
  }

  private static int setFlags(Guest guest, long[] args) {
    var descriptor = guest.descriptors().find((int) args[0]);
    if (descriptor == null) {
      return Errno.BADF;
    }
    var flags = (int) args[1];
    if ((flags & ~ALL_FLAGS) != 0) {
      return Errno.INVAL;
    }
    descriptor.setFlags(flags);
    return Errno.SUCCESS;
  }

  private static int filestat(Guest guest, long[] args, int bytes) {
    if (guest.descriptors().find((int) args[0]) == null) {
      return Errno.BADF;
    }
    guest.memory().write((int) args[1], new byte[bytes]);
    return Errno.SUCCESS;
  }
}
