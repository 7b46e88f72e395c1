package dev.warder.policy.host.kubernetes;

import java.time.Duration;

/**
 * A list that is kept for policies.
 *
 * @param namespace empty for all
 * @param objects how many it has
 * @param bytes what it takes in memory
 * @param watching whether the API server tells what changes
 * @param stale for how long it has not
 */
public record FeedState(
    String apiVersion,
    String kind,
    String namespace,
    int objects,
    long bytes,
    boolean watching,
    Duration stale) {}
