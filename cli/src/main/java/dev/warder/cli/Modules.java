package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How commands name modules, and where they keep them. */
final class Modules {
  private Modules() {}

  /** A module as people name it at a prompt: without a scheme it is a file. */
  static String reference(String module) {
    if (module.contains("://") || module.startsWith("oci-layout:")) {
      return module;
    }
    var file = Path.of(module).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new CommandFailedException(
          "there is no file " + file + "; a module elsewhere needs its scheme, as in registry://…");
    }
    return "file://" + file;
  }

  /** Where fetched modules are kept: {@code ${XDG_CACHE_HOME:-~/.cache}/warder/modules}. */
  static Path defaultStore() {
    var cache = System.getenv("XDG_CACHE_HOME");
    var folder =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return folder.resolve("warder").resolve("modules");
  }
}
