package dev.warder.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, in the order in which it was, and where. */
final class Figures {
  private record Figure(String name, double value, String unit) {}

  private final String scenario;
  private final String command;
  private final Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final double loadBefore = load();
  private final Map<String, String> versions = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();

  Figures(String scenario, String command) {
    this.scenario = scenario;
    this.command = command;
    version("java", Runtime.version().toString());
  }

  void version(String of, String version) {
    versions.put(of, version);
  }

  void add(String name, double value, String unit) {
    figures.add(new Figure(name, Math.round(value * 10_000) / 10_000.0, unit));
    System.err.printf(Locale.ROOT, "%s: %.3f %s%n", name.strip(), value, unit);
  }

  /** The usual figures of a load. */
  void add(Load.Outcome load, double serverCpuSeconds) {
    add("  answers per second", load.perSecond(), "1/s");
    add("  CPU of the server per request", 1000 * serverCpuSeconds / load.count(), "ms");
    add("  p50", load.percentile(50), "ms");
    add("  p95", load.percentile(95), "ms");
    add("  p99", load.percentile(99), "ms");
    if (load.neverAsked() > 0) {
      add("  never asked, as the server fell behind", (double) load.neverAsked(), "");
    }
    add("  CPU of the generator per request", load.generatorMillis(), "ms");
  }

  /** Prints the table and writes the document. */
  void finish(Path results) throws IOException {
    System.out.printf("%n%-66s %12s%n", "FIGURE", "VALUE");
    for (var figure : figures) {
      System.out.printf(
          Locale.ROOT, "%-66s %12.3f %s%n", figure.name(), figure.value(), figure.unit());
    }
    Files.createDirectories(results);
    var file = results.resolve(scenario + "-" + began.toString().replace(":", "") + ".json");
    JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValue(file.toFile(), document());
    System.out.println("Written to bench/results/" + file.getFileName());
  }

  private Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("time", began.toString());
    document.put("command", command);
    document.put("versions", versions);
    document.put("processors", Runtime.getRuntime().availableProcessors());
    document.put("loadBefore", loadBefore);
    document.put("loadAfter", load());
    document.put(
        "figures",
        figures.stream()
            .map(f -> Map.of("name", f.name(), "value", f.value(), "unit", f.unit()))
            .toList());
    return document;
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
