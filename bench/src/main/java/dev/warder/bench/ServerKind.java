package dev.warder.bench;

import java.io.IOException;
import java.nio.file.Path;

/** The ways to serve policies. */
enum ServerKind {
  SERVE,
  OPERATOR;

  /** The one that needs no control plane, if this checkout's program has it. */
  static ServerKind best(Path home) throws IOException, InterruptedException {
    var help =
        new ProcessBuilder(home.resolve("warder").toString(), "serve", "--help")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return help.waitFor() == 0 ? SERVE : OPERATOR;
  }

  Server create(Path home, Path folder, String jvm) throws Exception {
    return switch (this) {
      case SERVE -> new StandaloneServer(home, folder, jvm);
      case OPERATOR -> new OperatorServer(home, folder, jvm);
    };
  }
}
