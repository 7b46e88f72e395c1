package dev.warder.cli;

import dev.warder.cli.cases.RecordedHostCalls;
import dev.warder.policy.host.HostSession;
import dev.warder.policy.host.HostSessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Answers host calls of cases from the files that they name. */
record ReplayedCases(HostSessions sessions) implements RecordedHostCalls {
  @Override
  public <T> T replay(Path record, Supplier<T> work) {
    try {
      return sessions.within(new HostSession.Replaying(HostOptions.exchanges(record)), work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
