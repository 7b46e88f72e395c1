package dev.warder.policy.host.kubernetes;

import io.fabric8.kubernetes.client.dsl.Filterable;
import java.util.regex.Pattern;

/** Kubernetes' field selectors: {@code name=value} and {@code name!=value}, with commas between. */
final class FieldSelector {
  private static final Pattern TERM =
      Pattern.compile("\\s*([^=!,\\s]+)\\s*(==|=|!=)\\s*([^=!,]*?)\\s*");

  private FieldSelector() {}

  static void check(String selector) throws ReadFailedException {
    for (var term : selector.split(",", -1)) {
      if (!TERM.matcher(term).matches()) {
        throw new ReadFailedException(
            "the field_selector must be name=value or name!=value, with commas between");
      }
    }
  }

  /** Applies a selector that was checked. */
  static <T extends Filterable<T>> T apply(T filtered, String selector) {
    var result = filtered;
    for (var term : selector.split(",", -1)) {
      var parts = TERM.matcher(term);
      if (parts.matches()) {
        result =
            parts.group(2).equals("!=")
                ? result.withoutField(parts.group(1), parts.group(3))
                : result.withField(parts.group(1), parts.group(3));
      }
    }
    return result;
  }
}
