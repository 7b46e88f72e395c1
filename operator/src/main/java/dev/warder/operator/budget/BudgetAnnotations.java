package dev.warder.operator.budget;

import dev.warder.policy.wasi.EvaluationBudget;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a policy asks for in its annotations. An edit of them alone leaves the resource's generation
 * as it is.
 *
 * @param values texts by what follows the prefix, such as {@code eval-memory}
 */
public record BudgetAnnotations(SortedMap<String, String> values) {
  private static final String PREFIX = EvaluationBudget.ANNOTATION_PREFIX;
  private static final String SETTING = "eval-";

  public static final BudgetAnnotations NONE = new BudgetAnnotations(new TreeMap<>());

  public BudgetAnnotations {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Takes those that are about budgets, known or not. */
  public static BudgetAnnotations of(HasMetadata resource) {
    var annotations =
        Objects.requireNonNullElse(
            resource.getMetadata().getAnnotations(), Map.<String, String>of());
    var asked = new TreeMap<String, String>();
    annotations.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX + SETTING)) {
            asked.put(name.substring(PREFIX.length()), Objects.requireNonNullElse(value, ""));
          }
        });
    return new BudgetAnnotations(asked);
  }
}
