package dev.warder.cli.bench;

/**
 * One evaluation.
 *
 * @param endNanos when it ended, since the measurement began
 * @param cpuNanos of the thread that ran it
 */
record Sample(long endNanos, long cpuNanos, long wallNanos) {}
