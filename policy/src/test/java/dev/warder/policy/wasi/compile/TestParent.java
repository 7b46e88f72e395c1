package dev.warder.policy.wasi.compile;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.store.MemoryProgramStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that compiles the module in a file, to be killed meanwhile. */
final class TestParent {
  private TestParent() {}

  public static void main(String[] args) throws Exception {
    var module = Path.of(args[0]);
    var settings = CompilerProcessIT.settings();
    try (var compiler = new CompilerProcess(settings, new MemoryProgramStore(settings.limits()))) {
      compiler.compile(Digest.of(Files.readAllBytes(module)), module);
    }
  }
}
