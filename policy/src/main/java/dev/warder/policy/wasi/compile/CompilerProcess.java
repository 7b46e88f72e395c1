package dev.warder.policy.wasi.compile;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.store.ProgramStore;
import dev.warder.policy.wasi.store.StoredProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles modules into a store, one at a time, in a process of low priority that is started when
 * it is needed and ends after idle seconds. All methods may be called by several threads.
 */
public final class CompilerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompilerProcess.class);

  private final CompilerSettings settings;
  private final ProgramStore store;

  /** The only thread that starts, asks and closes child processes. */
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("warder-compiler").factory());

  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("warder-compiler-clock").factory());

  private volatile boolean closed;
  private volatile @Nullable CompilerJvm child;
  private long finished;

  public CompilerProcess(CompilerSettings settings, ProgramStore store) {
    this.settings = settings;
    this.store = store;
    clock.setRemoveOnCancelPolicy(true);
  }

  /**
   * Compiles a module, whether or not the store has its program, and stores the program. Waits for
   * the modules of others that were asked for earlier. If this thread is interrupted the work is
   * stopped, and the thread's flag stays set.
   *
   * @param digest of the module's bytes
   * @param module a file with these bytes, up to 2 GiB
   * @return the program, which the caller closes; else the compiler's own reason, {@code
   *     ModuleCompileFailed} if the module needs more memory or room than there is, {@code
   *     ModuleCompilerFailed} if the process took too long, died or could not be understood, {@code
   *     ModuleStoreFailed} if a file could not be read or written, or {@code InternalError} if the
   *     waiting was ended
   */
  public Outcome<StoredProgram> compile(Digest digest, Path module) {
    var job = new CompileJob(digest, module.toAbsolutePath());
    Future<Outcome<StoredProgram>> answer;
    try {
      answer = worker.submit(() -> job.end(run(job)));
    } catch (RejectedExecutionException e) {
      return stopped();
    }
    try {
      return answer.get();
    } catch (InterruptedException e) {
      job.abandon();
      answer.cancel(false);
      Thread.currentThread().interrupt();
      return Outcome.failed(
          Reason.InternalError, "interrupted while waiting for the module to be compiled");
    } catch (CancellationException e) {
      return stopped();
    } catch (ExecutionException e) {
      LOG.error("Compiling {} failed", digest, e.getCause());
      return Outcome.failed(
          Reason.InternalError, "the module could not be given to the compiler: " + e.getCause());
    }
  }

  private static <T> Outcome<T> stopped() {
    return Outcome.failed(Reason.InternalError, "the compiler was closed");
  }

  private Outcome<StoredProgram> run(CompileJob job) {
    Request request;
    try {
      var size = Math.toIntExact(Files.size(job.module()));
      request = new Request(job.digest(), size, job.module());
    } catch (IOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed, "the module %s cannot be read: %s".formatted(job.module(), e));
    } catch (ArithmeticException e) {
      return Outcome.failed(
          Reason.ModuleTooLarge, "the module %s has more than 2 GiB".formatted(job.module()));
    }
    try {
      return attempts(job, request);
    } finally {
      finished++;
      scheduleEnd(finished);
    }
  }

  /** Tries again once after a kill from outside, and once with all the memory there may be. */
  private Outcome<StoredProgram> attempts(CompileJob job, Request request) {
    var deadline = System.nanoTime() + settings.limit().toNanos();
    var heap = settings.memory().forModule(request.size());
    var killed = false;
    while (true) {
      if (closed || job.isAbandoned()) {
        return stopped();
      }
      CompilerJvm jvm;
      try {
        jvm = jvm(heap);
      } catch (IOException e) {
        return Outcome.failed(
            Reason.ModuleCompilerFailed, "the compiler process cannot be started: " + e);
      }
      var attempt = new Attempt(jvm, request, settings.limit());
      var outcome = attempt(job, attempt, jvm, deadline - System.nanoTime());
      switch (attempt.end()) {
        case OUT_OF_MEMORY -> {
          if (jvm.heapBytes() >= settings.memory().ceilingBytes()) {
            return outcome;
          }
          heap = settings.memory().ceilingBytes();
        }
        case KILLED -> {
          if (killed) {
            return outcome;
          }
          killed = true;
        }
        case ANSWERED, BROKEN -> {
          return outcome;
        }
      }
      LOG.warn("Compiling {} again: {}", job.digest(), outcome);
    }
  }

  private Outcome<StoredProgram> attempt(
      CompileJob job, Attempt attempt, CompilerJvm jvm, long nanos) {
    var alarm =
        clock.schedule(
            () -> jvm.kill(CompilerJvm.Killed.TOO_SLOW), Math.max(0, nanos), TimeUnit.NANOSECONDS);
    job.runsOn(jvm);
    try {
      return store.receive(job.digest(), attempt);
    } finally {
      job.leaves();
      alarm.cancel(false);
      if (attempt.end() != Attempt.End.ANSWERED) {
        jvm.kill(CompilerJvm.Killed.NOT_NEEDED);
        jvm.awaitEnd();
        child = null;
      }
    }
  }

  /** The running process, if its heap suffices; else a new one in its place. */
  private CompilerJvm jvm(long heap) throws IOException {
    var running = child;
    if (running != null && running.suits(heap)) {
      return running;
    }
    endChild();
    var started = CompilerJvm.start(settings, heap);
    child = started;
    if (closed) {
      started.kill(CompilerJvm.Killed.NOT_NEEDED);
    }
    return started;
  }

  private void scheduleEnd(long seen) {
    try {
      var _ =
          clock.schedule(
              () -> worker.execute(() -> endIfIdle(seen)),
              settings.idle().toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The compiler is being closed");
    }
  }

  private void endIfIdle(long seen) {
    if (seen == finished) {
      endChild();
    }
  }

  private void endChild() {
    var running = child;
    if (running != null) {
      running.close();
      child = null;
    }
  }

  /** The process that runs now, if one does. */
  OptionalLong pid() {
    var running = child;
    return running == null ? OptionalLong.empty() : OptionalLong.of(running.pid());
  }

  /** Kills the process; whoever waits for it is told so. */
  @Override
  public void close() {
    closed = true;
    clock.shutdownNow();
    for (var waiting : worker.shutdownNow()) {
      if (waiting instanceof Future<?> future) {
        future.cancel(false);
      }
    }
    var running = child;
    if (running != null) {
      running.kill(CompilerJvm.Killed.NOT_NEEDED);
    }
  }
}
