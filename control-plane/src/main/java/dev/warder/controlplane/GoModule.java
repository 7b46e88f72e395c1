package dev.warder.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The main module from which the Kubernetes programs are built: the requirements of the Kubernetes
 * release, with the sum of every module.
 */
final class GoModule {

  private GoModule() {}

  /**
   * Writes go.mod and go.sum. They are stored under names that do not make a Go module of this
   * tree.
   */
  static void writeTo(Path folder) throws IOException {
    Files.writeString(folder.resolve("go.mod"), goMod());
    Files.writeString(folder.resolve("go.sum"), read("gomod/go.sum.txt"));
  }

  static String goMod() throws IOException {
    return read("gomod/go.mod.txt");
  }

  private static String read(String name) throws IOException {
    try (InputStream resource = GoModule.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IOException("the program was packaged without " + name);
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
