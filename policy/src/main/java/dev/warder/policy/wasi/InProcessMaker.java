package dev.warder.policy.wasi;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Compiles on a thread of its own, one module at a time, and keeps the parts in the heap. */
final class InProcessMaker implements ProgramMaker {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(GuestThreads.factory("warder-compile"));
  private final ProgramBuilder builder;

  InProcessMaker(ProgramBuilder builder) {
    this.builder = builder;
  }

  @Override
  public Outcome<BlobSource> make(Digest digest, byte[] module, Path file) {
    return make(module);
  }

  Outcome<BlobSource> make(byte[] module) {
    try {
      return thread
          .submit(
              () -> {
                var parts = new HeldParts();
                return builder.build(module, parts).<BlobSource>map(_ -> parts);
              })
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed(
          Reason.InternalError, "interrupted while waiting for the module to be compiled");
    } catch (ExecutionException e) {
      return CompileFailure.of(e.getCause() == null ? e : e.getCause());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
