package dev.warder.policy.wasi.golang;

/**
 * One way to start a module.
 *
 * @param arguments the whole argument block: each argument with the zero behind it
 * @param snapshot from where the module continues when it is given these
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Entry(byte[] arguments, Snapshot snapshot) {}
