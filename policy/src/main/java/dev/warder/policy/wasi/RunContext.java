package dev.warder.policy.wasi;

import dev.warder.policy.wasi.store.Proofs;

/**
 * What all runs of an engine share.
 *
 * @param proofs of inputs to which a snapshot has answered like its module
 */
record RunContext(DeadlineWatcher watcher, InstancePool instances, Proofs proofs) {}
