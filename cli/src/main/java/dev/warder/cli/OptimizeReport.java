package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.common.DataFormat;
import dev.warder.policy.evaluation.Comparison;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** What optimizing a module did. */
record OptimizeReport(
    int originalBytes,
    int optimizedBytes,
    int dataSegments,
    Comparison.Result compared,
    Duration took) {
  private static final String ROW = "%-18s %s%n";
  private static final double NANOS_PER_MILLI = 1e6;

  void print(PrintWriter out, DataFormat format) {
    format.print(out, json(), () -> table(out));
  }

  private void table(PrintWriter out) {
    out.printf(ROW, "Size", "%d → %d bytes".formatted(originalBytes, optimizedBytes));
    out.printf(ROW, "Data segments", dataSegments);
    out.printf(ROW, "Compared", compared.inputs() + " inputs, all answers equal");
    out.printf(
        ROW,
        "Evaluation",
        String.format(
            Locale.ROOT,
            "%.1f → %.1f ms (best of a few, not warmed up)",
            compared.originalNanos() / NANOS_PER_MILLI,
            compared.otherNanos() / NANOS_PER_MILLI));
    out.printf(ROW, "Took", took.toSeconds() + " s");
  }

  private JsonNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("originalBytes", originalBytes);
    json.put("optimizedBytes", optimizedBytes);
    json.put("dataSegments", dataSegments);
    json.put("comparedInputs", compared.inputs());
    json.put("originalEvaluationNanos", compared.originalNanos());
    json.put("optimizedEvaluationNanos", compared.otherNanos());
    json.put("tookMillis", took.toMillis());
    return json;
  }
}
