package dev.warder.policy.wasi.golang;

import java.util.ArrayList;
import java.util.List;

/** Bytes of memory that must be written, from start up to end. */
record Range(int start, int end) {
  private static final int FIRST_GAP = 32;

  int length() {
    return end - start;
  }

  /**
   * The parts of the memory in which it differs from what is known; parts that lie closer together
   * than a gap are one, and the gap grows until there are not more than allowed.
   *
   * @param known shorter or longer; beyond its end all is zero
   */
  static List<Range> differences(byte[] memory, byte[] known, int most) {
    var gap = FIRST_GAP;
    var found = differences(memory, known, (long) gap);
    while (found.size() > most) {
      gap *= 2;
      found = differences(memory, known, (long) gap);
    }
    return found;
  }

  private static List<Range> differences(byte[] memory, byte[] known, long gap) {
    var found = new ArrayList<Range>();
    int start = -1;
    int end = 0;
    for (int i = 0; i < memory.length; i++) {
      if (memory[i] == (i < known.length ? known[i] : 0)) {
        continue;
      }
      if (start >= 0 && i - end >= gap) {
        found.add(new Range(start, end));
        start = i;
      }
      start = start < 0 ? i : start;
      end = i + 1;
    }
    if (start >= 0) {
      found.add(new Range(start, end));
    }
    return found;
  }
}
