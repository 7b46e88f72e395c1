package dev.warder.policy.wasi;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.internal.ByteClassCollector;
import com.dylibso.chicory.compiler.internal.Compiler;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.warder.policy.wasi.golang.SplitModule;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Turns a module's functions into Java classes, one each. */
final class ModuleCompiler {
  /** The name of the class that is the module's machine; all others begin with it. */
  static final String MACHINE = "warder.guest.Policy";

  private static final Pattern TOO_LARGE = Pattern.compile("WASM function index: (\\d+)");

  /** A smaller body hardly ever gives more than the 64 KiB of bytecode that a Java method has. */
  private static final int CANDIDATE_BYTES = SplitModule.LARGE_BYTES;

  private final byte[] bytes;
  private final WasmModule module;
  private final Duration limit;
  private final long startNanos = System.nanoTime();

  /**
   * @param limit each function that does not fit a Java method starts a compilation again, up to
   *     this time
   */
  ModuleCompiler(byte[] bytes, WasmModule module, Duration limit) {
    this.bytes = bytes;
    this.module = module;
    this.limit = limit;
  }

  /**
   * @param classes class files by class name
   * @param interpreted the functions, by index, that do not fit a Java method
   */
  record Compiled(Map<String, byte[]> classes, Set<Integer> interpreted) {}

  Compiled compile() {
    var interpreted = new TreeSet<>(largeOnes());
    var classes = compile(module, 1, interpreted);
    return new Compiled(classes, Set.copyOf(interpreted));
  }

  /**
   * The functions that do not fit, found in a module without all others: what does not fit is found
   * by trying, and each one found starts a compilation again.
   */
  private Set<Integer> largeOnes() {
    var sizes = Skeleton.bodySizes(bytes);
    if (IntStream.of(sizes).noneMatch(size -> size > CANDIDATE_BYTES)) {
      return Set.of();
    }
    var candidates =
        Parser.parse(Skeleton.of(bytes, true, function -> sizes[function] > CANDIDATE_BYTES));
    var interpreted = new HashSet<Integer>();
    compile(candidates, 0, interpreted);
    return interpreted;
  }

  /** Adds to the functions to be interpreted until the rest can be compiled. */
  private Map<String, byte[]> compile(
      WasmModule from, int functionsPerClass, Set<Integer> interpreted) {
    while (true) {
      try {
        return Compiler.builder(from)
            .withClassName(MACHINE)
            .withMaxFunctionsPerClass(functionsPerClass)
            .withInterpreterFallback(InterpreterFallback.FAIL)
            .withInterpretedFunctions(interpreted)
            .withClassCollectorFactory(ByteClassCollector::new)
            .build()
            .compile()
            .classBytes();
      } catch (ChicoryException e) {
        var function = tooLarge(e);
        if (function.isEmpty() || !interpreted.add(function.getAsInt())) {
          throw e;
        }
        if (System.nanoTime() - startNanos > limit.toNanos()) {
          throw new ChicoryException(
              "%d functions are too large for the engine, and more were to come after %d s"
                  .formatted(interpreted.size(), limit.toSeconds()));
        }
      }
    }
  }

  private static OptionalInt tooLarge(ChicoryException e) {
    var match = TOO_LARGE.matcher(String.valueOf(e.getMessage()));
    return match.find() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
  }
}
