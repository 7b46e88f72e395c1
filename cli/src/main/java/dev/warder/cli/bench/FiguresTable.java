package dev.warder.cli.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures for people: a line for each, a column for each policy. */
public final class FiguresTable {
  private static final int MEBIBYTE_BITS = 20;
  private static final int WIDEST_NAME = 48;

  private record Row(String name, Function<PolicyFigures, String> cell) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("size, KiB", p -> kibibytes((double) p.sizeBytes())),
          new Row("execution", p -> p.execution().mode()),
          new Row("preparation, ms", p -> millis(p.preparation().wall())),
          new Row("  CPU, ms", p -> millis(p.preparation().cpu())),
          new Row("first evaluation, ms", p -> millis(p.first().wall())),
          new Row("  CPU, ms", p -> millis(p.first().cpu())),
          new Row("within 1.5x of steady after, s", p -> seconds(p.warmUp().nearlyAfterSeconds())),
          new Row("within 1.1x of steady after, s", p -> seconds(p.warmUp().steadyAfterSeconds())),
          new Row("flat after the warm-up", p -> p.warmUp().flat() ? "yes" : "no"),
          new Row("CPU per evaluation, ms  p50", p -> millis(p.perThread().cpu().p50())),
          new Row("  p95", p -> millis(p.perThread().cpu().p95())),
          new Row("  p99", p -> millis(p.perThread().cpu().p99())),
          new Row("  with the JVM's threads", p -> millis(p.perThread().processCpu())),
          new Row("time per evaluation, ms  p50", p -> millis(p.perThread().wall().p50())),
          new Row("  p95", p -> millis(p.perThread().wall().p95())),
          new Row("  p99", p -> millis(p.perThread().wall().p99())),
          new Row("allocated per evaluation, KiB", p -> kibibytes(p.perThread().allocatedBytes())),
          new Row("evaluations per second", p -> whole(p.throughput().perSecond())),
          new Row("  on threads", p -> String.valueOf(p.throughput().threads())),
          new Row("resident memory, MiB", p -> mebibytes(p.memory().residentBytes())),
          new Row("  peak", p -> mebibytes(p.memory().peakResidentBytes())),
          new Row("  heap in use", p -> mebibytes(p.memory().heapBytes())),
          new Row("  classes", p -> mebibytes(p.memory().classBytes())),
          new Row("allowed", p -> p.answers().toString().replaceAll("[\\[\\]]", "")));

  private FiguresTable() {}

  /** Prints policies in their order. */
  public static void print(PrintWriter out, List<PolicyFigures> policies) {
    var columns = new ArrayList<List<String>>();
    columns.add(column("", ROWS.stream().map(Row::name)));
    for (var policy : policies) {
      columns.add(column(name(policy), ROWS.stream().map(row -> row.cell().apply(policy))));
    }
    var widths = columns.stream().map(FiguresTable::width).toList();
    for (int row = 0; row <= ROWS.size(); row++) {
      var line =
          new StringBuilder(
              ("%-" + widths.getFirst() + "s").formatted(columns.getFirst().get(row)));
      for (int column = 1; column < columns.size(); column++) {
        line.append(("  %" + widths.get(column) + "s").formatted(columns.get(column).get(row)));
      }
      out.println(line);
    }
    for (var policy : policies) {
      out.println(
          name(policy) + " runs " + policy.execution().mode() + ": " + policy.execution().reason());
    }
  }

  private static List<String> column(String title, Stream<String> cells) {
    return Stream.concat(Stream.of(title), cells).toList();
  }

  private static int width(List<String> column) {
    return column.stream().mapToInt(String::length).max().orElseThrow();
  }

  /** The end of a module's name is what tells it from others. */
  private static String name(PolicyFigures policy) {
    var name = policy.module();
    return name.length() <= WIDEST_NAME
        ? name
        : "…" + name.substring(name.length() - WIDEST_NAME + 1);
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
  }

  private static String seconds(@Nullable Double value) {
    return value == null ? "never" : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String kibibytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1024);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / (double) (1 << MEBIBYTE_BITS));
  }
}
