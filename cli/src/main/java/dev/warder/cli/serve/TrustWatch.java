package dev.warder.cli.serve;

import dev.warder.policy.Outcome;
import dev.warder.policy.verify.TrustRoot;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the files that say which modules are accepted have changed. Not thread-safe, save
 * {@link #get}.
 */
final class TrustWatch implements Supplier<TrustFiles.Said> {
  private static final Logger LOG = LoggerFactory.getLogger(TrustWatch.class);

  private final TrustFiles files;
  private final Supplier<TrustRoot> publicRoot;
  private volatile TrustFiles.Said said;
  private FileWatch watch;

  private TrustWatch(
      TrustFiles files, Supplier<TrustRoot> publicRoot, TrustFiles.Said said, FileWatch watch) {
    this.files = files;
    this.publicRoot = publicRoot;
    this.said = said;
    this.watch = watch;
  }

  /** Reads the files for the first time. */
  static Outcome<TrustWatch> start(TrustFiles files, Supplier<TrustRoot> publicRoot) {
    // Looked at before they are read: what changes in between is a change.
    var watch = watch(files);
    return files.read(publicRoot).map(said -> new TrustWatch(files, publicRoot, said, watch));
  }

  /** What they said when they could be used last. */
  @Override
  public TrustFiles.Said get() {
    return said;
  }

  /** Reads the files again if one has changed. */
  void look(Consumer<TrustFiles.Said> changed) {
    watch.look().ifPresent(_ -> again(changed));
  }

  /** Reads the files again. What cannot be used changes nothing. */
  void again(Consumer<TrustFiles.Said> changed) {
    var next = watch(files);
    switch (files.read(publicRoot)) {
      case Outcome.Failed<TrustFiles.Said>(var failure) ->
          LOG.error("{}: {} Everything stays as it is.", failure.reason(), failure.message());
      case Outcome.Done<TrustFiles.Said>(var read) -> {
        watch = next;
        said = read;
        changed.accept(read);
      }
    }
  }

  private static FileWatch watch(TrustFiles files) {
    var named = files.files();
    try {
      return new FileWatch(named, FileWatch.read(named));
    } catch (IOException e) {
      LOG.debug("{} cannot be read, which their reader tells", named, e);
      return new FileWatch(named, List.of());
    }
  }
}
