package dev.warder.policy.wasi.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The latest statements, as long as this object lives. */
public final class MemoryProofs implements Proofs {
  private static final int LATEST = 10_000;

  private final Set<String> statements =
      Collections.newSetFromMap(
          Collections.synchronizedMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > LATEST;
                }
              }));

  @Override
  public boolean contains(String statement) {
    return statements.contains(statement);
  }

  @Override
  public void add(String statement) {
    statements.add(statement);
  }
}
