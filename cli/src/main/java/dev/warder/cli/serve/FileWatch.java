package dev.warder.cli.serve;

import dev.warder.cli.common.YamlTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the content of some files now and then. That notices every way to change a file: writing
 * it, renaming another one to it, and swapping a symbolic link anywhere on the way to it, as the
 * kubelet does. Not thread-safe.
 */
final class FileWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  private final List<Path> files;
  private List<byte[]> known;
  private @Nullable List<byte[]> seenOnce;
  private boolean unreadable;

  /**
   * @param known their content so far; empty if it is not known, and then any is a change
   */
  FileWatch(List<Path> files, List<byte[]> known) {
    this.files = List.copyOf(files);
    this.known = known;
  }

  /** Reads all of them. */
  static List<byte[]> read(List<Path> files) throws IOException {
    var contents = new ArrayList<byte[]>();
    for (var file : files) {
      try (var in = Files.newInputStream(file)) {
        // One byte more than any of them may have is enough to refuse it.
        contents.add(in.readNBytes(4 * YamlTree.MAX_CHARS + 1));
      }
    }
    return contents;
  }

  /**
   * Their new content, once: when it has changed and two looks one after the other see the same, so
   * that nothing is taken which is half written.
   */
  Optional<List<byte[]>> look() {
    try {
      var seen = read(files);
      unreadable = false;
      if (same(seen, known)) {
        seenOnce = null;
        return Optional.empty();
      }
      if (seenOnce == null || !same(seen, seenOnce)) {
        seenOnce = seen;
        return Optional.empty();
      }
      known = seen;
      seenOnce = null;
      return Optional.of(seen);
    } catch (IOException e) {
      seenOnce = null;
      if (!unreadable) {
        LOG.warn("{} cannot be read, so what was read before stays: {}", files, e.toString());
        unreadable = true;
      }
      return Optional.empty();
    }
  }

  private static boolean same(List<byte[]> one, List<byte[]> other) {
    return Arrays.deepEquals(one.toArray(), other.toArray());
  }
}
