package dev.warder.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The demo's files: readable by their owner only, gone when the demo ends. */
record Folder(Path path) {
  static Folder create() throws IOException {
    // Kubeconfigs are in here: createTempDirectory gives it mode 0700.
    return new Folder(Files.createTempDirectory("warder-demo-").toRealPath());
  }

  Path write(String name, String content) throws IOException {
    return Files.writeString(path.resolve(name), content);
  }

  Path writeResource(String name) throws IOException {
    try (var in = Folder.class.getResourceAsStream("/demo/" + name)) {
      if (in == null) {
        throw new IOException("the program lacks its resource demo/" + name);
      }
      Files.copy(in, path.resolve(name));
      return path.resolve(name);
    }
  }

  void delete() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var files = Files.walk(path)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
