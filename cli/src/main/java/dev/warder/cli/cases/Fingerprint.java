package dev.warder.cli.cases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How files look from outside, for telling whether one of them has changed.
 *
 * @param files time of change and size; absent ones are missing
 */
public record Fingerprint(Map<Path, State> files) {
  /** One of them. */
  public record State(FileTime changed, long size) {}

  /** Of these files, and of all files below a folder. */
  public static Fingerprint of(Path folder, Collection<Path> more) {
    var files = new HashMap<Path, State>();
    more.forEach(file -> add(files, file));
    try (Stream<Path> below = Files.walk(folder)) {
      below.filter(Files::isRegularFile).forEach(file -> add(files, file));
    } catch (IOException e) {
      // Something vanished on the way: the next look sees that.
    }
    return new Fingerprint(Map.copyOf(files));
  }

  private static void add(Map<Path, State> files, Path file) {
    try {
      files.put(file, new State(Files.getLastModifiedTime(file), Files.size(file)));
    } catch (IOException e) {
      // It is not there, which is a state like others.
    }
  }
}
