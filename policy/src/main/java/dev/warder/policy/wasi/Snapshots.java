package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import dev.warder.policy.wasi.GoBoot.Booted;
import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.GoModule;
import dev.warder.policy.wasi.golang.Snapshot;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * The states from which the two commands of a Go module continue. Each set has a random seed of its
 * own, which nobody else knows: it decides where maps put their keys.
 *
 * @param resumption how to continue from any of them
 */
record Snapshots(Map<Command, Snapshot> byCommand, ProgramFacts.Resumption resumption) {
  private static final int SEED_BYTES = 32;

  /** What a boot may grow to: 512 MiB. */
  private static final int MEMORY_PAGES = 8192;

  /** Boots a module, of which {@code bytes} are the bytes, once per command. */
  static Attempt<Snapshots> take(
      byte[] bytes, WasmModule module, Function<Instance, Machine> machines, Duration limit) {
    return GoModule.of(bytes).then(go -> onGuestThread(() -> take(go, module, machines, limit)));
  }

  private static Attempt<Snapshots> take(
      GoModule go, WasmModule module, Function<Instance, Machine> machines, Duration limit) {
    var seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    var boot =
        new GoBoot(module, machines, new GoBoot.Conditions(seed, Instant.now(), MEMORY_PAGES));
    var byCommand = new EnumMap<Command, Snapshot>(Command.class);
    return boot(go, boot, Command.VALIDATE, limit, byCommand)
        .then(
            first ->
                boot(go, boot, Command.VALIDATE_SETTINGS, limit, byCommand)
                    .map(second -> of(go, first, second, byCommand)));
  }

  private static Snapshots of(
      GoModule go, Booted first, Booted second, Map<Command, Snapshot> byCommand) {
    return new Snapshots(
        byCommand,
        new ProgramFacts.Resumption(
            go.loopFunction(),
            first.readWallClock() || second.readWallClock(),
            first.descriptorFlags()));
  }

  private static Attempt<Booted> boot(
      GoModule go, GoBoot boot, Command command, Duration limit, Map<Command, Snapshot> snapshots) {
    try (var watcher = new DeadlineWatcher()) {
      return watcher
          .within(limit, _ -> boot.run(command))
          .then(
              booted ->
                  go.resume(booted.stop())
                      .map(
                          snapshot -> {
                            snapshots.put(command, snapshot);
                            return booted;
                          }));
    }
  }

  private static Attempt<Snapshots> onGuestThread(
      java.util.concurrent.Callable<Attempt<Snapshots>> work) {
    var task = new FutureTask<>(work);
    GuestThreads.factory("warder-boot").newThread(task).start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return Attempt.refused("the module's pre-initialisation was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a boot failed", e.getCause());
    }
  }
}
