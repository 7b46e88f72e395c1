package dev.warder.policy.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the files of a folder, which are named by their digests, within a size by removing those
 * that were not used for longest.
 */
public final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

  private final Path folder;
  private final long maxBytes;
  private final String kind;

  /**
   * @param kind what the log calls a file
   */
  public Eviction(Path folder, long maxBytes, String kind) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.kind = kind;
  }

  /** Notes that a file was used just now. */
  public static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      LOG.debug("The time of {} cannot be set: {}", file, e.toString());
    }
  }

  private record Candidate(Path file, long size, FileTime used) {}

  /** Removes files until the rest fits, but none that must stay. */
  public void run(Predicate<Path> mustStay) throws IOException {
    var candidates = candidates();
    var total = candidates.stream().mapToLong(Candidate::size).sum();
    candidates.sort(Comparator.comparing(Candidate::used));
    for (var candidate : candidates) {
      if (total <= maxBytes) {
        return;
      }
      if (!mustStay.test(candidate.file)) {
        Files.deleteIfExists(candidate.file);
        total -= candidate.size;
        LOG.info(
            "Removed the {} {}, last used at {}: the store holds more than {} bytes",
            kind,
            candidate.file.getFileName(),
            candidate.used,
            maxBytes);
      }
    }
  }

  private List<Candidate> candidates() throws IOException {
    var found = new ArrayList<Candidate>();
    try (var files = Files.newDirectoryStream(folder, "[0-9a-f]*")) {
      for (var file : files) {
        try {
          var attributes =
              Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          if (attributes.isRegularFile()) {
            found.add(new Candidate(file, attributes.size(), attributes.lastModifiedTime()));
          }
        } catch (NoSuchFileException e) {
          // Another process removed it.
        }
      }
    }
    return found;
  }
}
