package dev.warder.policy.wasi;

import dev.warder.policy.Outcome;
import dev.warder.policy.wasi.compile.CompilerChild;
import java.time.Duration;

/** The process that compiles modules for its parent; see {@link CompilerChild}. */
public final class CompilerMain {
  private static final long STACK_BYTES = 64 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private CompilerMain() {}

  public static void main(String[] arguments) {
    var builder = new ProgramBuilder(new ModuleChecks(new HostFunctions()), LIMIT);
    CompilerChild.run(
        STACK_BYTES,
        (digest, module, sink) -> {
          try {
            return builder.build(module, sink);
          } catch (RuntimeException | StackOverflowError e) {
            Outcome<Object> failed = CompileFailure.of(e);
            return failed;
          }
        });
  }
}
