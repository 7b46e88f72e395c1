package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.BootStop;
import java.time.Instant;
import java.util.function.Function;

/**
 * Runs the start of a Go program: its runtime and the initialisation of its packages, up to the
 * first question to its host that only a real evaluation can answer.
 */
public final class GoBoot {
  private static final String START = "_start";
  private static final String TOO_SLOW = "starts too slowly";

  private final WasmModule module;
  private final Function<Instance, Machine> machines;
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
   * @param machines of the same module
   */
  public GoBoot(WasmModule module, Function<Instance, Machine> machines, Conditions conditions) {
    this.module = module;
    this.machines = machines;
    this.conditions = conditions;
  }

  /**
   * Boots the module on the calling thread, one of {@link GuestThreads}. An interrupt ends it with
   * a refusal, and the thread stays interrupted; nothing else limits its time.
   */
  public Attempt<Booted> run(Command command) {
    var host = new BootHost(command, conditions);
    LiveInstance instance;
    try {
      instance = instantiate(host);
    } catch (ChicoryInterruptedException e) {
      return refused(TOO_SLOW);
    } catch (RuntimeException | Error e) {
      return refused("cannot be instantiated: " + Traps.text(e));
    }
    try {
      instance.instance().export(START).apply();
      return refused("ends before it asks anything");
    } catch (BootEnd.Asked asked) {
      return Attempt.made(
          new Booted(stop(instance, asked), host.readWallClock(), host.descriptorFlags()));
    } catch (BootEnd.Refused refused) {
      return refused(refused.reason());
    } catch (ChicoryInterruptedException e) {
      return refused(TOO_SLOW);
    } catch (OutOfMemoryError e) {
      return refused("needs more memory to start than the process has");
    } catch (RuntimeException | Error e) {
      return refused(
          Traps.isCallDepth(e)
              ? "calls itself too deeply at its start"
              : "crashes at its start: " + Traps.text(e));
    }
  }

  private static BootStop stop(LiveInstance instance, BootEnd.Asked asked) {
    var memory = instance.memory();
    return new BootStop(
        asked.importFunction(),
        memory == null ? new byte[0] : memory.content(),
        instance.globals());
  }

  private LiveInstance instantiate(BootHost host) {
    var thread = GuestThreads.current();
    return new Instances(module, machines)
        .make(
            imports(host),
            conditions.memoryPages(),
            memory -> {
              if (memory.pages() > conditions.memoryPages()) {
                throw new ChicoryException("it starts with more memory than it may have");
              }
              thread.enter(memory);
            });
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
