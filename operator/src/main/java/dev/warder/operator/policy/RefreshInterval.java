package dev.warder.operator.policy;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.EvaluationBudget;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** How often a policy wants its tag to be looked up again, by an annotation. */
final class RefreshInterval {
  static final String ANNOTATION = EvaluationBudget.ANNOTATION_PREFIX + "refresh-interval";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|m|h|d)");
  private static final Duration LEAST = Duration.ofSeconds(10);
  private static final int MAX_SHOWN_CHARS = 40;

  private RefreshInterval() {}

  /** What is asked for; empty if nothing is. */
  static Optional<String> text(HasMetadata resource) {
    return Optional.ofNullable(resource.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(ANNOTATION));
  }

  static Outcome<Optional<Duration>> of(HasMetadata resource) {
    var text = text(resource);
    if (text.isEmpty()) {
      return Outcome.done(Optional.empty());
    }
    var match = DURATION.matcher(text.get());
    if (!match.matches()) {
      return invalid(text.get(), "is no duration like 30s, 5m, 1h or 7d");
    }
    var number = Long.parseLong(match.group(1));
    var interval =
        switch (match.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    return interval.compareTo(LEAST) < 0
        ? invalid(text.get(), "is less than " + LEAST.toSeconds() + "s")
        : Outcome.done(Optional.of(interval));
  }

  private static <T> Outcome<T> invalid(String text, String why) {
    var shown = text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "…";
    return Outcome.failed(
        Reason.RefreshIntervalInvalid,
        "The annotation %s '%s' %s".formatted(ANNOTATION, shown, why));
  }
}
