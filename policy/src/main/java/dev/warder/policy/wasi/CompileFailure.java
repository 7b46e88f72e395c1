package dev.warder.policy.wasi;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;

/** Whatever the parser or the compiler threw, the module is at fault and the process goes on. */
final class CompileFailure {
  private CompileFailure() {}

  static <T> Outcome<T> of(Throwable cause) {
    var why =
        switch (cause) {
          case OutOfMemoryError e -> "it needs more memory to compile than the process has";
          case StackOverflowError e -> "its code is nested too deeply";
          default -> Traps.text(cause);
        };
    return Outcome.failed(Reason.ModuleCompileFailed, "the module cannot be compiled: " + why);
  }
}
