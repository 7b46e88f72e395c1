package dev.warder.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What has become of the policies, for people and for scripts. */
public final class Report {
  private static final int MAX_MODULE_CHARS = 60;

  private Report() {}

  /** One row for each policy under a header; the reasons of failures in lines below it. */
  public static String table(List<PolicyReport> policies) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("POLICY", "STATE", "MODE", "TIME", "MODULE", "REASON"));
    for (var policy : policies) {
      rows.add(
          List.of(
              policy.id(),
              policy.state().name().toLowerCase(Locale.ROOT),
              policy.mode().orElse("-"),
              seconds(policy.time()),
              policy.module().map(Report::shortened).orElse("-"),
              policy.failure().map(failure -> failure.reason().name()).orElse("-")));
    }
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (var column = 0; column < row.size(); column++) {
        var at = column;
        var width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(1);
        line.append(("%-" + (width + 2) + "s").formatted(row.get(column)));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    for (var policy : policies) {
      policy
          .failure()
          .ifPresent(
              failure -> text.append("%n%s: %s%n".formatted(policy.id(), failure.message())));
    }
    return text.toString();
  }

  /** A member {@code policies} with an object for each. */
  public static ObjectNode json(List<PolicyReport> policies) {
    var report = JsonNodeFactory.instance.objectNode();
    var all = report.putArray("policies");
    for (var policy : policies) {
      var one = all.addObject();
      one.put("id", policy.id());
      one.put("state", policy.state().name().toLowerCase(Locale.ROOT));
      policy.mode().ifPresent(mode -> one.put("policyMode", mode));
      policy.module().ifPresent(module -> one.put("module", module));
      one.put("milliseconds", policy.time().toMillis());
      policy
          .failure()
          .ifPresent(
              failure ->
                  one.put("reason", failure.reason().name()).put("message", failure.message()));
    }
    return report;
  }

  static String seconds(Duration time) {
    return time.isZero() ? "-" : "%.1f s".formatted(time.toMillis() / 1e3);
  }

  /** The end tells more than the beginning. */
  private static String shortened(String module) {
    var over = module.length() - MAX_MODULE_CHARS;
    return over <= 0 ? module : "…" + module.substring(over + 1);
  }
}
