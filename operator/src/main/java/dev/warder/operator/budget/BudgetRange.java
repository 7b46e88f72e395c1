package dev.warder.operator.budget;

import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.EvaluationBudget;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What an instance gives an evaluation.
 *
 * @param usual for a policy that asks for nothing
 * @param most what a policy may ask for, and never less than the usual; its time has no meaning, as
 *     the schema limits spec.timeoutEvalSeconds
 */
public record BudgetRange(EvaluationBudget usual, EvaluationBudget most) {
  private static final int MAX_SHOWN_CHARS = 40;

  public BudgetRange {
    for (var setting : BudgetSetting.values()) {
      most = setting.set(most, Math.max(setting.in(most), setting.in(usual)));
    }
  }

  /** The usual defaults; at most 512 MiB, 64 MiB, 16 MiB, 100,000 calls, 256 MiB of replies. */
  public static BudgetRange defaults() {
    var usual = EvaluationBudget.defaults();
    return new BudgetRange(
        usual, new EvaluationBudget(usual.time(), 8192, 64 << 20, 16 << 20, 100_000, 256 << 20));
  }

  /** What a policy asks for, unless it cannot be understood or is too much. */
  public Outcome<EvaluationBudget> grant(
      ClusterAdmissionPolicySpec spec, BudgetAnnotations annotations) {
    var budget = Outcome.done(timed(spec));
    for (var asked : annotations.values().entrySet()) {
      budget = budget.then(so -> with(so, asked.getKey(), asked.getValue()));
    }
    return budget;
  }

  /**
   * What comes closest to what was granted once, perhaps by an instance with other limits: a policy
   * that was served goes on being served.
   */
  public EvaluationBudget grantAgain(
      ClusterAdmissionPolicySpec spec, BudgetAnnotations annotations) {
    var budget = timed(spec);
    for (var setting : BudgetSetting.values()) {
      var text = annotations.values().get(setting.key());
      var value = text == null ? OptionalLong.empty() : setting.parse(text);
      if (value.isPresent()) {
        budget = setting.set(budget, Math.min(value.getAsLong(), setting.in(most)));
      }
    }
    return budget;
  }

  private EvaluationBudget timed(ClusterAdmissionPolicySpec spec) {
    var seconds = spec.timeoutEvalSeconds();
    return seconds == null ? usual : usual.withTime(Duration.ofSeconds(seconds));
  }

  private Outcome<EvaluationBudget> with(EvaluationBudget budget, String key, String text) {
    return BudgetSetting.of(key)
        .map(setting -> with(budget, setting, text))
        .orElseGet(
            () ->
                refused(
                    key,
                    "is none of "
                        + Arrays.stream(BudgetSetting.values())
                            .map(BudgetSetting::key)
                            .collect(Collectors.joining(", "))));
  }

  private Outcome<EvaluationBudget> with(
      EvaluationBudget budget, BudgetSetting setting, String text) {
    var value = setting.parse(text);
    if (value.isEmpty()) {
      return refused(setting.key(), "is not %s: '%s'".formatted(setting.form(), shown(text)));
    }
    if (value.getAsLong() > setting.in(most)) {
      return refused(
          setting.key(),
          "asks for %s, more than the %s that this instance allows (--max-%s)"
              .formatted(text, setting.text(setting.in(most)), setting.key()));
    }
    return Outcome.done(setting.set(budget, value.getAsLong()));
  }

  private static Outcome<EvaluationBudget> refused(String key, String why) {
    return Outcome.failed(
        Reason.BudgetInvalid,
        "The annotation %s%s %s".formatted(EvaluationBudget.ANNOTATION_PREFIX, shown(key), why));
  }

  private static String shown(String text) {
    return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "…";
  }
}
