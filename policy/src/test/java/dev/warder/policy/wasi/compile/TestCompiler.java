package dev.warder.policy.wasi.compile;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.store.BlobSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;

/** A compiler process whose modules are texts that say what it is to do. */
final class TestCompiler {
  private TestCompiler() {}

  public static void main(String[] args) {
    CompilerChild.run(8 << 20, TestCompiler::compile);
  }

  private static Outcome<?> compile(Digest digest, byte[] module, BlobSink sink)
      throws IOException {
    var words = new String(module, StandardCharsets.UTF_8).strip().split(" ", -1);
    return switch (words[0]) {
      case "blobs" -> blobs(sink, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case "pid" -> text(sink, "pid", Long.toString(ProcessHandle.current().pid()));
      case "heap" -> text(sink, "heap", Long.toString(Runtime.getRuntime().maxMemory()));
      case "environment" -> text(sink, "environment", String.join(" ", System.getenv().keySet()));
      case "priority" ->
          text(sink, "priority", Files.readString(Path.of("/proc/self/stat")).split(" ", -1)[18]);
      case "refuse" -> Outcome.failed(Reason.valueOf(words[1]), "no\ngood");
      case "hang" -> hang(sink, Path.of(words[1]));
      case "allocate" -> allocate();
      case "allocate-once" -> text(sink, "bytes", "" + new byte[Integer.parseInt(words[1])].length);
      case "recurse" -> text(sink, "depth", Integer.toString(recurse(0)));
      case "throw" -> throw new IllegalStateException("lost my way");
      case "exit" -> exit(Integer.parseInt(words[1]));
      case "signal" -> signal(words[1]);
      case "signal-once" -> signalOnce(sink, Path.of(words[1]));
      case "print" -> print(sink);
      case "garbage" -> garbage();
      case "stderr" -> stderr();
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  static byte[] blob(int i, int size) {
    var bytes = new byte[size];
    new java.util.Random(i).nextBytes(bytes);
    return bytes;
  }

  private static Outcome<?> blobs(BlobSink sink, int count, int size) throws IOException {
    for (int i = 0; i < count; i++) {
      sink.put("blob/" + i, blob(i, size));
    }
    return Outcome.done("blobs");
  }

  private static Outcome<?> text(BlobSink sink, String name, String text) throws IOException {
    sink.put(name, text.getBytes(StandardCharsets.UTF_8));
    return Outcome.done(name);
  }

  /** Says who it is, in a file, and never ends. */
  private static Outcome<?> hang(BlobSink sink, Path tell) throws IOException {
    sink.put("half", new byte[100_000]);
    var draft = tell.resolveSibling(tell.getFileName() + ".draft");
    Files.writeString(draft, Long.toString(ProcessHandle.current().pid()));
    Files.move(draft, tell);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Outcome.done("never");
  }

  private static Outcome<?> allocate() {
    var hoard = new ArrayList<byte[]>();
    while (hoard.size() < Integer.MAX_VALUE) {
      hoard.add(new byte[1 << 20]);
    }
    return Outcome.done(hoard);
  }

  private static int recurse(int depth) {
    return depth < 0 ? depth : recurse(depth + 1) + 1;
  }

  private static Outcome<?> exit(int code) {
    printError("about to exit");
    Runtime.getRuntime().halt(code);
    return Outcome.done("never");
  }

  private static Outcome<?> signal(String name) throws IOException {
    var pid = Long.toString(ProcessHandle.current().pid());
    new ProcessBuilder("kill", "-" + name, pid).start();
    try {
      Thread.sleep(Duration.ofMinutes(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Outcome.done("never");
  }

  private static Outcome<?> signalOnce(BlobSink sink, Path seen) throws IOException {
    try {
      Files.createFile(seen);
      sink.put("half", new byte[100_000]);
      return signal("KILL");
    } catch (FileAlreadyExistsException e) {
      return text(sink, "second", "yes");
    }
  }

  @SuppressWarnings("SystemOut")
  private static Outcome<?> print(BlobSink sink) throws IOException {
    System.out.println("a library that prints");
    return text(sink, "printed", "yes");
  }

  private static Outcome<?> garbage() throws IOException {
    try (var out = new FileOutputStream(FileDescriptor.out)) {
      out.write("these are no frames\n".getBytes(StandardCharsets.UTF_8));
    }
    return Outcome.done("garbage");
  }

  private static Outcome<?> stderr() {
    for (int i = 0; i < 20_000; i++) {
      printError("line " + i + " of an endless story that nobody may keep in memory");
    }
    Runtime.getRuntime().halt(7);
    return Outcome.done("never");
  }

  @SuppressWarnings("SystemOut")
  private static void printError(String line) {
    System.err.println(line);
  }
}
