package dev.warder.operator.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Repeats an experiment beside a test, as fast as it goes, and keeps what went wrong. */
final class Probe implements AutoCloseable {
  /** Fewer say nothing, even on a very busy machine. */
  private static final int ENOUGH = 5;

  private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
  private final Callable<Optional<String>> experiment;
  private final List<String> problems = new ArrayList<>();
  private final Future<Boolean> repeated;
  private volatile boolean over;

  private Probe(Callable<Optional<String>> experiment) {
    this.experiment = experiment;
    repeated = thread.submit(this::repeat);
  }

  /**
   * @param experiment gives what went wrong, if anything
   */
  static Probe start(Callable<Optional<String>> experiment) {
    return new Probe(experiment);
  }

  /** Ends the experiments and fails if one went wrong. */
  void assertNothingWentWrong() throws Exception {
    over = true;
    repeated.get();
    assertThat(problems).isEmpty();
  }

  private boolean repeat() throws Exception {
    for (var done = 0; !over || done < ENOUGH; done++) {
      experiment.call().ifPresent(problems::add);
    }
    return over;
  }

  @Override
  public void close() {
    over = true;
    thread.close();
  }
}
