package dev.warder.cli.cases;

import dev.warder.cli.common.CommandFailedException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Lets a case's host calls be answered from a record. */
public interface RecordedHostCalls {
  /**
   * Does something on this thread, with host calls answered from a file.
   *
   * @throws CommandFailedException if the file cannot be read
   */
  <T> T replay(Path record, Supplier<T> work);
}
