package dev.warder.policy.wasi.compile;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.store.BlobSink;
import dev.warder.policy.wasi.store.ProgramSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** One module, given once to one compiler process. */
final class Attempt implements ProgramSource {
  private static final int EXIT_OUT_OF_MEMORY = 3;
  private static final int SIGNALS = 128;
  private static final int KILL = 9;
  private static final int TERMINATE = 15;

  /** Without a core dump, a JVM that crashes ends like one that was asked to. */
  private static final String CRASH_REPORT_END = "END.";

  private final CompilerJvm jvm;
  private final Request request;
  private final Duration limit;
  private End end = End.BROKEN;

  /** In what state the attempt left things. */
  enum End {
    /** The process answered and can be given another module. */
    ANSWERED,
    /** Another process with more heap may manage. */
    OUT_OF_MEMORY,
    /** Somebody killed the process; another one may manage. */
    KILLED,
    /** The process is of no further use. */
    BROKEN
  }

  Attempt(CompilerJvm jvm, Request request, Duration limit) {
    this.jvm = jvm;
    this.request = request;
    this.limit = limit;
  }

  End end() {
    return end;
  }

  @Override
  public Outcome<?> writeTo(BlobSink sink) throws IOException {
    try {
      jvm.ask(request);
    } catch (IOException e) {
      return ended();
    }
    while (true) {
      Answer answer;
      try {
        answer = jvm.next();
      } catch (IOException e) {
        return ended();
      } catch (GarbledException e) {
        return garbled(e);
      }
      switch (answer) {
        case Answer.Blob blob -> sink.put(blob.name(), blob.content());
        case Answer.Done _ -> {
          end = End.ANSWERED;
          return Outcome.done(request.digest());
        }
        case Answer.Refused(var failure) -> {
          end = End.ANSWERED;
          return new Outcome.Failed<>(failure);
        }
        case Answer.OutOfMemory _ -> {
          return outOfMemory();
        }
      }
    }
  }

  private Outcome<?> garbled(GarbledException e) {
    // A JVM that crashes says so on standard output.
    if (jvm.awaitEnd() != 0 && jvm.killed() == null) {
      return ended();
    }
    jvm.lastWords();
    return Outcome.failed(
        Reason.ModuleCompilerFailed,
        "the compiler process gave an answer that cannot be read: " + e.getMessage());
  }

  private Outcome<?> outOfMemory() {
    end = End.OUT_OF_MEMORY;
    return Outcome.failed(
        Reason.ModuleCompileFailed,
        "the module cannot be compiled: it needs more than the %d MiB of heap that the compiler"
                .formatted(jvm.heapBytes() >> 20)
            + " process may use: raise --compile-memory");
  }

  private Outcome<?> ended() {
    var code = jvm.awaitEnd();
    var killed = jvm.killed();
    if (killed != null) {
      return killed(killed);
    }
    if (code == EXIT_OUT_OF_MEMORY) {
      return outOfMemory();
    }
    var words = jvm.lastWords();
    if (code == SIGNALS + KILL || code == SIGNALS + TERMINATE) {
      end = End.KILLED;
      return Outcome.failed(
          Reason.ModuleCompilerFailed,
          "the compiler process was killed (signal %d): if that was the kernel, for want of memory,"
                  .formatted(code - SIGNALS)
              + " give Warder's container more of it or lower --compile-memory");
    }
    if (code > SIGNALS || words.equals(CRASH_REPORT_END)) {
      return Outcome.failed(
          Reason.ModuleCompilerFailed,
          "the compiler process crashed (exit code %d): look at Warder's log and report it"
              .formatted(code));
    }
    return Outcome.failed(
        Reason.ModuleCompilerFailed,
        "the compiler process ended without an answer (exit code %d)%s"
            .formatted(code, words.isEmpty() ? "" : ": " + words));
  }

  private Outcome<?> killed(CompilerJvm.Killed why) {
    return switch (why) {
      case TOO_SLOW ->
          Outcome.failed(
              Reason.ModuleCompilerFailed,
              "compiling the module took longer than %s: raise --compile-timeout or give Warder more CPU"
                  .formatted(text(limit)));
      case NOT_NEEDED ->
          Outcome.failed(Reason.InternalError, "the compiler process was ended before it was done");
    };
  }

  private static String text(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
