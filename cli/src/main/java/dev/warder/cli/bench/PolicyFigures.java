package dev.warder.cli.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one policy. All times are milliseconds unless the name says seconds.
 *
 * @param sizeBytes of the module
 * @param execution how evaluations run
 * @param preparation from the reference to a policy that may be served; CPU of the whole process
 * @param first the first evaluation after it
 * @param perThread evaluations on one thread, warm
 * @param answers whether each request was allowed, in their order
 */
public record PolicyFigures(
    String module,
    String digest,
    long sizeBytes,
    Execution execution,
    Duration preparation,
    Duration first,
    WarmUp warmUp,
    Steady perThread,
    Throughput throughput,
    Memory memory,
    List<Boolean> answers) {

  /** The mode's word in status and output, and why. */
  public record Execution(String mode, String reason) {}

  /** What one thing took. */
  public record Duration(double wall, double cpu) {}

  /**
   * How evaluations became faster, one thread asking without pause.
   *
   * @param flat whether times had stopped falling when it ended
   * @param seconds how long it took
   * @param steadyAfterSeconds until times were within 1.1 times of {@code perThread.cpu.p50}; null
   *     if they never were
   * @param nearlyAfterSeconds the same within 1.5 times
   */
  public record WarmUp(
      boolean flat,
      double seconds,
      long evaluations,
      @Nullable Double steadyAfterSeconds,
      @Nullable Double nearlyAfterSeconds) {}

  /**
   * Evaluations on one thread, warm.
   *
   * @param cpu of the thread
   * @param processCpu mean CPU of the whole process per evaluation: the JVM's own threads included
   * @param allocatedBytes mean per evaluation, on the heap
   */
  public record Steady(
      long evaluations,
      Percentiles cpu,
      Percentiles wall,
      double processCpu,
      double allocatedBytes) {}

  /** Evaluations on several threads, each asking without pause. */
  public record Throughput(int threads, long evaluations, double perSecond, Percentiles wall) {}

  /**
   * Of the process, which holds the policies measured before as well. The first two are 0 where the
   * system does not tell them.
   *
   * @param heapBytes in use after a collection
   * @param classBytes metaspace in use
   */
  public record Memory(
      long residentBytes, long peakResidentBytes, long heapBytes, long classBytes) {}
}
