package dev.warder.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** wasmtime from PyPI, in a virtual environment of its own. */
record Wasmtime(Path python, Path worker) {
  static final String VERSION = "50.0.1";

  /** Makes the environment if it is not there yet. */
  static Wasmtime install(Path home) throws IOException, InterruptedException {
    var environment = home.resolve("target/bench/wasmtime-" + VERSION);
    var python = environment.resolve("bin/python");
    var done = environment.resolve("installed");
    if (!Files.exists(done)) {
      Programs.run(List.of("python3", "-m", "venv", environment.toString()));
      Programs.run(
          List.of(python.toString(), "-m", "pip", "install", "--quiet", "wasmtime==" + VERSION));
      Files.createFile(done);
    }
    return new Wasmtime(python, home.resolve("bench/wasmtime_worker.py"));
  }

  /** One run of the worker, which says what its figures mean. */
  JsonNode run(Path module, Path stdin, String allocator, int seconds)
      throws IOException, InterruptedException {
    return Programs.json(
        List.of(
            python.toString(),
            worker.toString(),
            module.toString(),
            stdin.toString(),
            allocator,
            String.valueOf(Math.max(1, seconds / 4)),
            String.valueOf(seconds)));
  }
}
