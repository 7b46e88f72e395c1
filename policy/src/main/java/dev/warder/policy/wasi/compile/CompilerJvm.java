package dev.warder.policy.wasi.compile;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running compiler process. It ends when this process does, as its standard input then ends. */
final class CompilerJvm implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompilerJvm.class);
  private static final long END_SECONDS = 5;

  private final Process process;
  private final long heapBytes;
  private final DataOutputStream requests;
  private final AnswerReader answers;
  private final StderrTail stderr;
  private final AtomicReference<@Nullable Killed> killed = new AtomicReference<>();

  /** Why this process killed its child. */
  enum Killed {
    TOO_SLOW,
    NOT_NEEDED
  }

  private CompilerJvm(Process process, CompilerSettings settings, long heapBytes) {
    this.process = process;
    this.heapBytes = heapBytes;
    this.requests = new DataOutputStream(process.getOutputStream());
    this.answers = new AnswerReader(process.getInputStream(), settings.limits());
    this.stderr = new StderrTail(process.getErrorStream());
  }

  static CompilerJvm start(CompilerSettings settings, long heapBytes) throws IOException {
    var process = CommandLine.of(settings, heapBytes).start();
    LOG.debug("Compiler process {} has {} bytes of heap", process.pid(), heapBytes);
    return new CompilerJvm(process, settings, heapBytes);
  }

  long pid() {
    return process.pid();
  }

  /** Whether it can take a module that needs so much heap. */
  boolean suits(long neededBytes) {
    return process.isAlive() && killed.get() == null && heapBytes >= neededBytes;
  }

  long heapBytes() {
    return heapBytes;
  }

  void ask(Request request) throws IOException {
    request.writeTo(requests);
  }

  Answer next() throws IOException, GarbledException {
    return answers.next();
  }

  /** Ends it at once; only the first cause counts. Any thread may do this. */
  void kill(Killed why) {
    killed.compareAndSet(null, why);
    process.destroyForcibly();
  }

  @Nullable Killed killed() {
    return killed.get();
  }

  /** Its exit code, after it stopped answering; it is killed if it does not end by itself. */
  int awaitEnd() {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        kill(Killed.NOT_NEEDED);
        process.waitFor(END_SECONDS, TimeUnit.SECONDS);
      }
      stderr.join();
    } catch (InterruptedException e) {
      kill(Killed.NOT_NEEDED);
      Thread.currentThread().interrupt();
    }
    return process.isAlive() ? 0 : process.exitValue();
  }

  /** The last line of its standard error, which is also logged; empty if there is none. */
  String lastWords() {
    var lines = stderr.lines();
    if (!lines.isEmpty()) {
      LOG.warn("Compiler process {} said: {}", process.pid(), String.join(" | ", lines));
    }
    return lines.isEmpty() ? "" : lines.getLast();
  }

  /** Lets it end, if it has nothing to do. */
  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException e) {
      LOG.debug("Compiler process {} had closed its input: {}", process.pid(), e.toString());
    }
    awaitEnd();
  }
}
