package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;

/** Makes folders with executable files that only bear the names of the programs. */
final class Programs {

  private Programs() {}

  static Path in(Path folder, Collection<Component> components) throws IOException {
    Files.createDirectories(folder);
    for (Component component : components) {
      Path program = Files.writeString(folder.resolve(component.fileName()), "#!/bin/sh\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
    return folder;
  }
}
