package dev.warder.policy.wasi.golang;

/**
 * Where a module's boot stopped: in a call of an import, before that did anything.
 *
 * @param importFunction the import's number among the functions
 * @param memory all of it, whole pages of 64 KiB
 * @param globals all of them, in order; those of 32 bits in the low half
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record BootStop(int importFunction, byte[] memory, long[] globals) {}
