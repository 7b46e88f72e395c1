import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, in the order in which it was. */
final class Figures {
  private record Figure(String name, double value, String unit) {}

  private final List<Figure> figures = new ArrayList<>();

  void add(String name, double value, String unit) {
    figures.add(new Figure(name, Math.round(value * 1000) / 1000.0, unit));
    System.err.printf(Locale.ROOT, "%s: %.3f %s%n", name.strip(), value, unit);
  }

  void print() {
    System.out.printf("%n%-58s %10s%n", "FIGURE", "VALUE");
    for (var figure : figures) {
      System.out.printf(
          Locale.ROOT, "%-58s %10.2f %s%n", figure.name(), figure.value(), figure.unit());
    }
  }

  Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("time", Instant.now().toString());
    document.put("java", Runtime.version().toString());
    document.put("processors", Runtime.getRuntime().availableProcessors());
    document.put(
        "figures",
        figures.stream()
            .map(f -> Map.of("name", f.name(), "value", f.value(), "unit", f.unit()))
            .toList());
    return document;
  }
}
