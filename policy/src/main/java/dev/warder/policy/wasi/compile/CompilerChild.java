package dev.warder.policy.wasi.compile;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.store.BlobSink;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/** The compiler process from inside: takes modules from its parent until that hangs up or dies. */
public final class CompilerChild {
  private static final int GARBLED = 64;

  private CompilerChild() {}

  /** What the process is for. */
  @FunctionalInterface
  public interface Work {
    /**
     * Compiles a module and writes the blobs of its program.
     *
     * @return anything done, or the reason why the module cannot be compiled
     * @throws IOException what the sink threw
     */
    Outcome<?> compile(Digest digest, byte[] module, BlobSink sink) throws IOException;
  }

  /**
   * The body of a {@code main}: serves standard input and output on a thread with a stack of that
   * size, and ends the process when standard input does. Whatever else writes to standard output is
   * led to standard error.
   */
  public static void run(long stackBytes, Work work) {
    var answers = new FileOutputStream(FileDescriptor.out);
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
    new Thread(null, () -> serveAndHalt(answers, work), "compile", stackBytes).start();
  }

  private static void serveAndHalt(OutputStream answers, Work work) {
    try {
      serve(new FileInputStream(FileDescriptor.in), answers, work, Runtime.getRuntime()::halt);
    } catch (IOException e) {
      // The parent is gone.
      Runtime.getRuntime().halt(0);
    }
  }

  /** Answers requests until there are no more. */
  public static void serve(InputStream requests, OutputStream answers, Work work)
      throws IOException {
    serve(requests, answers, work, _ -> {});
  }

  /** What is done as soon as the requests end, whatever is being compiled. */
  interface AtEnd {
    void exit(int code);
  }

  static void serve(InputStream requests, OutputStream answers, Work work, AtEnd atEnd)
      throws IOException {
    var queue = new LinkedBlockingQueue<Optional<Request>>();
    Thread.ofPlatform().daemon().name("requests").start(() -> readRequests(requests, queue, atEnd));
    var out = new DataOutputStream(new BufferedOutputStream(answers, 64 * 1024));
    out.writeInt(Protocol.HELLO);
    out.flush();
    try {
      for (var next = queue.take(); next.isPresent(); next = queue.take()) {
        answer(next.get(), out, work);
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void readRequests(
      InputStream requests, LinkedBlockingQueue<Optional<Request>> queue, AtEnd atEnd) {
    var in = new DataInputStream(new BufferedInputStream(requests));
    var code = 0;
    try {
      while (true) {
        queue.add(Optional.of(Request.readFrom(in)));
      }
    } catch (IOException e) {
      // The parent hung up or died.
    } catch (GarbledException e) {
      code = GARBLED;
    }
    atEnd.exit(code);
    queue.add(Optional.empty());
  }

  private static void answer(Request request, DataOutputStream out, Work work) throws IOException {
    var blobs = new BlobWriter(out);
    try {
      switch (compile(request, blobs, work)) {
        case Outcome.Done<?> _ -> blobs.end();
        case Outcome.Failed<?>(var failure) -> refuse(out, failure.reason(), failure.message());
      }
    } catch (OutOfMemoryError e) {
      out.writeByte(Protocol.OUT_OF_MEMORY);
    } catch (StackOverflowError e) {
      refuse(
          out,
          Reason.ModuleCompileFailed,
          "the module cannot be compiled: its code is nested too deeply");
    } catch (RuntimeException e) {
      refuse(out, Reason.ModuleCompileFailed, "the module cannot be compiled: " + e);
    }
  }

  private static Outcome<?> compile(Request request, BlobSink blobs, Work work) throws IOException {
    byte[] module;
    try (var in = Files.newInputStream(request.file())) {
      module = in.readNBytes(request.size());
    } catch (IOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "the module %s cannot be read: %s".formatted(request.file(), e));
    }
    if (!Digest.of(module).equals(request.digest())) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "the file %s no longer has the digest %s".formatted(request.file(), request.digest()));
    }
    return work.compile(request.digest(), module, blobs);
  }

  private static void refuse(DataOutputStream out, Reason reason, String message)
      throws IOException {
    out.writeByte(Protocol.FAILED);
    Frames.writeText(out, reason.name(), Protocol.MAX_REASON_BYTES);
    Frames.writeText(out, message, Protocol.MAX_MESSAGE_BYTES);
  }
}
