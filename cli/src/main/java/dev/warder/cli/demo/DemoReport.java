package dev.warder.cli.demo;

import java.util.List;

/**
 * The whole demo, as {@code --output json} and {@code yaml} print it.
 *
 * @param outcome passed if every step was as expected, otherwise failed
 * @param cluster what it ran on
 * @param kubeconfig how to reach it; works as long as the demo runs
 */
record DemoReport(
    StepReport.Outcome outcome,
    String cluster,
    String kubeconfig,
    String webhook,
    double seconds,
    List<StepReport> steps) {}
