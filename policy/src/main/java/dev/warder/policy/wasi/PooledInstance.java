package dev.warder.policy.wasi;

/**
 * An instance that serves one guest after the other.
 *
 * @param slot for whom its host functions work
 */
record PooledInstance(LiveInstance live, GuestSlot slot) {}
