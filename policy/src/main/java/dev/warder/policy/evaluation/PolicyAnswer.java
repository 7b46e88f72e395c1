package dev.warder.policy.evaluation;

import dev.warder.policy.wasi.Overrun;
import java.util.Optional;

/**
 * What became of one evaluation.
 *
 * @param response the policy's own answer: no mode, mutation guard or custom message applied yet
 * @param ending how the guest ended
 * @param stderr what the guest wrote there, trimmed and cut to a length that a log line can have;
 *     of a successful run it is for the log only
 */
public record PolicyAnswer(
    AdmissionResponse response, Ending ending, String stderr, Timings timings) {

  /** How the guest ended. */
  public sealed interface Ending {
    /** With an answer that could be read. */
    record Answered() implements Ending {}

    /** With something that is no answer. */
    record Unreadable() implements Ending {}

    /** By exit code, by trap, or it could not even start. */
    record Crashed() implements Ending {}

    /** Stopped for exceeding a budget. */
    record Overran(Overrun budget) implements Ending {}
  }

  /**
   * Where the time went, in nanoseconds.
   *
   * @param run the guest, with its start
   * @param mapping reading its answer and making the patch
   */
  public record Timings(long run, long mapping) {
    public long total() {
      return run + mapping;
    }
  }

  /** The budget that the guest exceeded, if it did. */
  public Optional<Overrun> overrun() {
    return ending instanceof Ending.Overran(var budget) ? Optional.of(budget) : Optional.empty();
  }

  /** Whether the guest crashed or could not start. */
  public boolean crashed() {
    return ending instanceof Ending.Crashed;
  }
}
