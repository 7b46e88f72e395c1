package dev.warder.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** wrk as a second generator, to tell the first one's cost from the server's. */
final class Wrk {
  private static final Pattern RATE = Pattern.compile("Requests/sec: *([0-9.]+)");

  private Wrk() {}

  static void measure(
      Path folder, Server server, String path, int connections, int seconds, Figures figures)
      throws Exception {
    var body = Files.write(folder.resolve("review.json"), Scenario.review());
    var script = folder.resolve("review.lua");
    Files.writeString(
        script,
        """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.body = io.open("%s"):read("*a")
        """
            .formatted(body));
    var cpu = server.process().cpuSeconds();
    var wrk =
        new ProcessBuilder(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + seconds,
                "--script=" + script,
                "https://" + Endpoint.HOST + ":" + server.endpoint().port() + path)
            .redirectErrorStream(true)
            .start();
    var output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var rate = RATE.matcher(output);
    if (wrk.waitFor() != 0 || !rate.find() || output.contains("Non-2xx")) {
      throw new IOException("wrk failed: " + output);
    }
    var perSecond = Double.parseDouble(rate.group(1));
    figures.add("  answers per second to wrk", perSecond, "1/s");
    figures.add(
        "  CPU of the server per request of wrk",
        1000 * (server.process().cpuSeconds() - cpu) / (perSecond * seconds),
        "ms");
  }
}
