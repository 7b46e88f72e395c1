package dev.warder.cli.bench;

import java.time.Duration;

/**
 * How long and how wide to measure.
 *
 * @param warmUp the longest warm-up; it ends earlier when times are flat
 * @param duration of each of the two measurements: on one thread, then on all
 */
public record BenchPlan(Duration warmUp, Duration duration, int threads) {}
