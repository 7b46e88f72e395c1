package dev.warder.cli.cases;

import dev.warder.cli.common.CommandFailedException;
import java.nio.file.Path;

/** Lets a case's host calls be answered from a record. */
public interface RecordedHostCalls {
  /** For as long as there is nothing that could: refuses every record. */
  RecordedHostCalls UNSUPPORTED =
      record -> {
        throw new CommandFailedException(
            "recorded host calls are not supported yet: leave hostCalls out of the case");
      };

  /**
   * From here on the host calls of this thread are answered from a file.
   *
   * @throws CommandFailedException if they cannot be
   */
  Replay replay(Path record);

  /** A record in use. */
  interface Replay extends AutoCloseable {
    @Override
    void close();
  }
}
