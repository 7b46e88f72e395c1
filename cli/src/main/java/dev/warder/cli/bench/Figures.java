package dev.warder.cli.bench;

import java.time.Instant;
import java.util.List;

/**
 * What a run of {@code warder bench} found, as its JSON.
 *
 * @param loadBefore runnable processes per minute when it began; negative where it is not known
 */
public record Figures(
    String time,
    String warder,
    String java,
    int processors,
    double loadBefore,
    double loadAfter,
    BenchPlanText plan,
    List<PolicyFigures> policies) {

  /** The plan in seconds. */
  public record BenchPlanText(double warmUpSeconds, double durationSeconds, int threads) {}

  public static double load() {
    return ProcessFigures.load();
  }

  /** Of the program in this version, on this machine. */
  public static Figures of(
      String version, double loadBefore, BenchPlan plan, List<PolicyFigures> policies) {
    return new Figures(
        Instant.now().toString(),
        version,
        Runtime.version().toString(),
        Runtime.getRuntime().availableProcessors(),
        loadBefore,
        load(),
        new BenchPlanText(
            plan.warmUp().toMillis() / 1e3, plan.duration().toMillis() / 1e3, plan.threads()),
        policies);
  }
}
