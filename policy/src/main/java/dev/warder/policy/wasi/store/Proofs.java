package dev.warder.policy.wasi.store;

/** Remembers statements that were found true. All methods may be called by several threads. */
public sealed interface Proofs permits DiskProofs, MemoryProofs {
  /** Whether the statement was found true earlier. */
  boolean contains(String statement);

  /** Remembers it; whether that lasts is not promised. */
  void add(String statement);
}
