package dev.warder.policy.wasi;

/** What all runs of an engine share. */
record RunContext(DeadlineWatcher watcher, InstancePool instances) {}
