package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.LoopbackServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands tell how far they are. */
@SuppressWarnings("InlineFormatString")
final class TransferReportIT {
  private static final byte[] MODULE = new byte[4 * 1024 * 1024];
  private static final int POLL_MILLIS = 20;

  @TempDir Path store;
  private final StringWriter out = new StringWriter();
  private final CountDownLatch told = new CountDownLatch(1);
  private final StringWriter err =
      new StringWriter() {
        @Override
        public void write(String text, int from, int length) {
          super.write(text, from, length);
          told.countDown();
        }
      };

  @Test
  void pullTellsHowFarItIsOnStderr() {
    try (var server = LoopbackServer.start(request -> slow())) {
      var url = server.url("/policy.wasm");
      var exit = execute("pull", url, "--insecure-source=" + server.host(), "--store=" + store);
      assertThat(exit).as(err.toString()).isZero();
      assertThat(out.toString().strip()).isEqualTo(url);
      assertThat(err.toString().lines())
          .hasSizeBetween(1, 4)
          .allMatch(line -> line.startsWith(url + ": ") && line.contains(" of 4.0 MiB ("));
    }
  }

  @Test
  void pullIsSilentWhenItIsQuick() {
    var answer = Answer.ok("application/wasm", new byte[1024]);
    try (var server = LoopbackServer.start(request -> answer)) {
      var url = server.url("/policy.wasm");
      assertThat(execute("pull", url, "--insecure-source=" + server.host(), "--store=" + store))
          .isZero();
      assertThat(err.toString()).isEmpty();
    }
  }

  /** Half of the module, byte for byte more until that was told, and the rest. */
  private Answer slow() {
    return connection -> {
      var stream = connection.getOutputStream();
      var head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n";
      stream.write(head.formatted(MODULE.length).getBytes(StandardCharsets.US_ASCII));
      var sent = MODULE.length / 2;
      stream.write(MODULE, 0, sent);
      while (!told.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        stream.write(MODULE, sent, 1);
        stream.flush();
        sent++;
      }
      stream.write(MODULE, sent, MODULE.length - sent);
      stream.flush();
    };
  }

  private int execute(String... arguments) {
    return Warder.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
