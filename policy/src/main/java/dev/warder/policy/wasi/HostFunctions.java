package dev.warder.policy.wasi;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every function that a module may import, by module and field name. */
final class HostFunctions {
  private static final int PREVIEW1_FILESTAT_BYTES = 64;
  private static final int UNSTABLE_FILESTAT_BYTES = 56;

  private final Map<String, Map<String, HostFunction>> byModule;

  HostFunctions() {
    var process = new WasiProcess();
    var hostCall = Map.of("call", HostCalls.function());
    byModule =
        Map.of(
            "wasi_snapshot_preview1",
            wasi(process, PREVIEW1_FILESTAT_BYTES, WasiPoll.Layout.PREVIEW1),
            "wasi_unstable",
            wasi(process, UNSTABLE_FILESTAT_BYTES, WasiPoll.Layout.UNSTABLE),
            "host",
            hostCall,
            "kubewarden:javy/host",
            hostCall);
  }

  private static Map<String, HostFunction> wasi(
      WasiProcess process, int filestatBytes, WasiPoll.Layout layout) {
    var functions = new HashMap<String, HostFunction>();
    functions.putAll(process.functions());
    functions.putAll(WasiClocks.functions());
    functions.putAll(WasiPoll.functions(layout));
    functions.putAll(WasiStdio.functions(filestatBytes));
    functions.putAll(WasiAbsent.functions());
    return Map.copyOf(functions);
  }

  boolean knowsModule(String module) {
    return byModule.containsKey(module);
  }

  @Nullable HostFunction find(String module, String field) {
    return byModule.getOrDefault(module, Map.of()).get(field);
  }

  Map<String, Map<String, HostFunction>> all() {
    return byModule;
  }
}
