package dev.warder.cli.serve;

import dev.warder.policy.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves what the file with the policies says now. Lives on the policies' thread. */
final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final Path file;
  private final ServedFile served;
  private final ScheduledExecutorService thread;
  private final FileWatch watch;
  private List<Entry> entries;
  private long edition;

  /**
   * @param entries that are served now
   * @param content of the file that they are from
   */
  Reload(
      Path file,
      ServedFile served,
      ScheduledExecutorService thread,
      List<Entry> entries,
      List<byte[]> content) {
    this.file = file;
    this.served = served;
    this.thread = thread;
    this.entries = entries;
    this.watch = new FileWatch(List.of(file), content);
  }

  void look() {
    watch.look().ifPresent(content -> take(content.getFirst()));
  }

  /** Whether or not the file has changed: what failed is tried again. */
  void now() {
    LOG.info("SIGHUP: reading {} again", file);
    try {
      take(FileWatch.read(List.of(file)).getFirst());
    } catch (IOException e) {
      LOG.error("{} cannot be read, so everything stays as it is: {}", file, e);
    }
  }

  private void take(byte[] content) {
    switch (PoliciesFile.parse(content)) {
      case Outcome.Failed<List<Entry>>(var failure) ->
          LOG.error(
              "{}: {}: {} Everything stays as it is.", file, failure.reason(), failure.message());
      case Outcome.Done<List<Entry>>(var read) -> {
        entries = read;
        again();
      }
    }
  }

  /** Tries everything again that failed or that other modules are accepted for now. */
  void again() {
    edition++;
    served.forgetFailures();
    serve(1);
  }

  private void serve(int attempt) {
    try {
      var reports = served.serve(entries);
      LOG.info("serving {}:\n{}", file, Report.table(reports).stripTrailing());
      retryLater(attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What may yet succeed is tried again, ever more slowly. */
  void retryLater(int attempt) {
    if (!served.mayYetSucceed() || thread.isShutdown()) {
      return;
    }
    var delay = FIRST_RETRY.multipliedBy(1L << Math.min(attempt - 1, 10));
    var tried = edition;
    var _ =
        thread.schedule(
            () ->
                ServeRuntime.guarded(
                    () -> {
                      if (tried == edition) {
                        serve(attempt + 1);
                      }
                    }),
            Math.min(delay.toMillis(), LAST_RETRY.toMillis()),
            TimeUnit.MILLISECONDS);
  }
}
