package dev.warder.policy.wasi;

import java.util.Arrays;

/** What the first bytes of a module say. */
final class WasmBytes {
  private static final byte[] CORE_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private WasmBytes() {}

  static boolean isCoreModule(byte[] module) {
    return module.length >= CORE_MODULE.length
        && Arrays.equals(module, 0, CORE_MODULE.length, CORE_MODULE, 0, CORE_MODULE.length);
  }
}
