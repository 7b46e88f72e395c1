package dev.warder.policy.wasi.store;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Programs in the heap, deflated, for as long as somebody holds them. */
public final class MemoryProgramStore implements ProgramStore {
  private final ProgramLimits limits;
  private final Map<Digest, WeakReference<MemoryProgram>> programs = new HashMap<>();

  public MemoryProgramStore(ProgramLimits limits) {
    this.limits = limits;
  }

  @Override
  public synchronized Optional<StoredProgram> find(Digest module) {
    return Optional.ofNullable(programs.get(module)).map(WeakReference::get);
  }

  @Override
  public Outcome<StoredProgram> receive(Digest module, ProgramSource source) {
    try (var blobs = new MemoryProgram.Builder(limits)) {
      return switch (source.writeTo(blobs)) {
        case Outcome.Done<?> _ -> Outcome.done(keep(blobs.build(module)));
        case Outcome.Failed<?>(var failure) -> new Outcome.Failed<>(failure);
      };
    } catch (BlobRefusedException e) {
      return Outcome.failed(
          Reason.ModuleCompileFailed, "the compiled module cannot be kept: " + e.getMessage());
    } catch (IOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed, "the compiled program cannot be stored: " + e);
    }
  }

  private synchronized MemoryProgram keep(MemoryProgram program) {
    programs.values().removeIf(reference -> reference.get() == null);
    programs.put(program.module(), new WeakReference<>(program));
    return program;
  }
}
