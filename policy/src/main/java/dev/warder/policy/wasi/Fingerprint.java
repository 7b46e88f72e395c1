package dev.warder.policy.wasi;

import com.dylibso.chicory.compiler.internal.Compiler;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.golang.GoModule;
import dev.warder.policy.wasi.golang.SplitModule;
import dev.warder.policy.wasi.machine.LinearMemory;
import dev.warder.policy.wasi.machine.MemoryAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Of everything besides the module that a compiled program depends on. */
final class Fingerprint {
  /** To be raised when the parts of a program change in a way that no class below shows. */
  private static final int FORMAT = 2;

  private static final List<Class<?>> MAKERS =
      List.of(
          Compiler.class,
          ModuleCompiler.class,
          ClassRewriter.class,
          ProgramBuilder.class,
          ProgramFacts.class,
          ImageCodec.class,
          Mutability.class,
          Skeleton.class,
          Snapshots.class,
          GoBoot.class,
          BootHost.class,
          GoModule.class,
          SplitModule.class,
          LinearMemory.class,
          MemoryAccess.class);

  /** What {@link SplitModule} consists of besides. */
  private static final List<String> SPLITTERS =
      List.of("SplitFunction", "FunctionParts", "GoFunctionReader", "LocalUse", "TransferGlobals");

  private Fingerprint() {}

  static String text() {
    var hash = Digest.sha256();
    for (var maker : MAKERS) {
      hash.update(classFile(maker, maker.getSimpleName()));
    }
    for (var splitter : SPLITTERS) {
      hash.update(classFile(SplitModule.class, splitter));
    }
    return "format %d, JVM %s, makers %s"
        .formatted(FORMAT, Runtime.version(), Digest.ofHash(hash.digest()));
  }

  private static byte[] classFile(Class<?> neighbour, String type) {
    var name = type + ".class";
    try (var in = neighbour.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("there is no " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Warder's own classes cannot be read: " + e, e);
    }
  }
}
