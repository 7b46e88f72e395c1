package dev.warder.controlplane;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of a log file, short enough for an error message. */
final class LogTail {

  private static final int LINES = 5;
  private static final int TOLD_BYTES = 2 * 1024;
  private static final int SEARCHED_BYTES = 16 * 1024;

  private LogTail() {}

  /** The last five lines of the file's last 2 KiB, joined to one line. */
  static String of(Path log) {
    try {
      List<String> lines =
          end(log, TOLD_BYTES).lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
      String tail =
          String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
      return tail.isEmpty() ? "(its log is empty)" : tail;
    } catch (IOException e) {
      return "(its log " + log + " cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Whether a text is in the file's last 16 KiB. */
  static boolean mentions(Path log, String text) {
    try {
      return end(log, SEARCHED_BYTES).contains(text);
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static String end(Path log, int limit) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(0, file.length() - limit);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
