package dev.warder.policy.wasi;

import java.util.Map;

/** Preview 1: what a policy never has, directories and sockets. Linked so that modules load. */
final class WasiAbsent {
  private WasiAbsent() {}

  static Map<String, HostFunction> functions() {
    return Map.ofEntries(
        Map.entry("fd_prestat_get", HostFunction.answering("ii", Errno.BADF)),
        Map.entry("fd_prestat_dir_name", HostFunction.answering("iii", Errno.BADF)),
        Map.entry("fd_readdir", onDescriptor("iiili", 0, Errno.NOTDIR)),
        Map.entry("path_create_directory", onDescriptor("iii", 0, Errno.NOTDIR)),
        Map.entry("path_filestat_get", onDescriptor("iiiii", 0, Errno.NOTDIR)),
        Map.entry("path_filestat_set_times", onDescriptor("iiiilli", 0, Errno.NOTDIR)),
        Map.entry("path_link", onDescriptor("iiiiiii", 0, Errno.NOTDIR)),
        Map.entry("path_open", onDescriptor("iiiiillii", 0, Errno.NOTDIR)),
        Map.entry("path_readlink", onDescriptor("iiiiii", 0, Errno.NOTDIR)),
        Map.entry("path_remove_directory", onDescriptor("iii", 0, Errno.NOTDIR)),
        Map.entry("path_rename", onDescriptor("iiiiii", 0, Errno.NOTDIR)),
        Map.entry("path_symlink", onDescriptor("iiiii", 2, Errno.NOTDIR)),
        Map.entry("path_unlink_file", onDescriptor("iii", 0, Errno.NOTDIR)),
        Map.entry("sock_accept", onDescriptor("iii", 0, Errno.NOTSOCK)),
        Map.entry("sock_recv", onDescriptor("iiiiii", 0, Errno.NOTSOCK)),
        Map.entry("sock_send", onDescriptor("iiiii", 0, Errno.NOTSOCK)),
        Map.entry("sock_shutdown", onDescriptor("ii", 0, Errno.NOTSOCK)));
  }

  /** The standard descriptors are of the wrong kind; every other number is not open. */
  private static HostFunction onDescriptor(String parameters, int at, int errno) {
    return HostFunction.of(
        parameters,
        (guest, args) -> guest.descriptors().find((int) args[at]) == null ? Errno.BADF : errno);
  }
}
