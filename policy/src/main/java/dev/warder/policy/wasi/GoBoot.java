package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.warder.policy.wasi.preinit.Attempt;
import dev.warder.policy.wasi.preinit.BootStop;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the start of a Go program: its runtime and the initialisation of its packages, up to the
 * first question to its host that only a real evaluation can answer.
 */
public final class GoBoot {
  private final WasmModule module;
  private final @Nullable Function<Instance, Machine> machines;
  private final Conditions conditions;

  /**
   * What a boot sees of the world; the same for both commands, so that their snapshots differ
   * little.
   *
   * @param seed of its random numbers; keep it secret, as they decide where maps put their keys
   * @param wallClock what the time is
   * @param memoryPages what its memory may grow to, in pages of 64 KiB
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Conditions(byte[] seed, Instant wallClock, int memoryPages) {}

  /**
   * A boot that stopped.
   *
   * @param readWallClock whether what it holds depends on the time of day
   * @param descriptorFlags what the guest has set on descriptors 0 to 2
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Booted(BootStop stop, boolean readWallClock, int[] descriptorFlags) {}

  /**
   * A boot of this module.
   *
   * @param machines of the same module object; null lets an interpreter run it
   */
  public GoBoot(
      WasmModule module, @Nullable Function<Instance, Machine> machines, Conditions conditions) {
    this.module = module;
    this.machines = machines;
    this.conditions = conditions;
  }

  /**
   * Boots the module on the calling thread. An interrupt ends it with a refusal, and the thread
   * stays interrupted; nothing else limits its time.
   */
  public Attempt<Booted> run(Command command) {
    var host = new BootHost(command, conditions);
    Instance instance;
    try {
      instance = instantiate(host);
    } catch (RuntimeException | Error e) {
      return refused("cannot be instantiated: " + Traps.text(e));
    }
    try {
      instance.export(ModuleRun.START).apply();
      return refused("ends before it asks anything");
    } catch (BootEnd.Asked asked) {
      return Attempt.made(
          new Booted(stop(instance, asked), host.readWallClock(), host.descriptorFlags()));
    } catch (BootEnd.Refused refused) {
      return refused(refused.reason());
    } catch (ChicoryInterruptedException e) {
      return refused("starts too slowly");
    } catch (OutOfMemoryError e) {
      return refused("needs more memory to start than the process has");
    } catch (RuntimeException | Error e) {
      return refused(
          Traps.isCallDepth(e)
              ? "calls itself too deeply at its start"
              : "crashes at its start: " + Traps.text(e));
    }
  }

  private static BootStop stop(Instance instance, BootEnd.Asked asked) {
    var memory = instance.memory();
    var globals = new long[instance.globalCount()];
    for (int i = 0; i < globals.length; i++) {
      globals[i] = instance.global(i).getValue();
    }
    return new BootStop(
        asked.importFunction(), memory.readBytes(0, memory.pages() * Memory.PAGE_SIZE), globals);
  }

  private Instance instantiate(BootHost host) {
    var builder =
        Instance.builder(module)
            .withMemoryFactory(this::memory)
            .withImportValues(imports(host))
            .withStart(false);
    if (machines != null) {
      builder.withMachineFactory(machines);
    }
    return builder.build();
  }

  private Memory memory(MemoryLimits limits) {
    if (limits.initialPages() > conditions.memoryPages()) {
      throw new ChicoryException("it starts with more memory than it may have");
    }
    return new ByteArrayMemory(
        new MemoryLimits(
            limits.initialPages(), Math.min(limits.maximumPages(), conditions.memoryPages())));
  }

  private ImportValues imports(BootHost host) {
    var values = ImportValues.builder();
    var wanted = module.importSection();
    for (int i = 0; i < wanted.importCount(); i++) {
      var number = i;
      if (wanted.getImport(i) instanceof FunctionImport function) {
        values.addFunction(
            new ImportFunction(
                function.module(),
                function.name(),
                module.typeSection().getType(function.typeIndex()),
                (instance, args) -> host.call(number, function, instance.memory(), args)));
      }
    }
    return values.build();
  }

  private static <T> Attempt<T> refused(String what) {
    return Attempt.refused("the module " + what);
  }
}
