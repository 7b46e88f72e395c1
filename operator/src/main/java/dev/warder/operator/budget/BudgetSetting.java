package dev.warder.operator.budget;

import dev.warder.policy.wasi.EvaluationBudget;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A budget that a policy can ask for; values are bytes or, for host calls, a number. */
enum BudgetSetting {
  MEMORY("eval-memory"),
  STDOUT("eval-stdout"),
  STDERR("eval-stderr"),
  HOST_CALLS("eval-host-calls"),
  HOST_REPLIES("eval-host-replies");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern SIZE = Pattern.compile("\\d{1,9}(|k|Ki|M|Mi|G|Gi)");
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi"};
  private static final int UNIT = 1024;
  private static final int PAGE_BYTES = 64 << 10;

  private final String key;

  BudgetSetting(String key) {
    this.key = key;
  }

  static Optional<BudgetSetting> of(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  /** The annotation's name without its prefix, and the option's without its dashes. */
  String key() {
    return key;
  }

  long in(EvaluationBudget budget) {
    return switch (this) {
      case MEMORY -> (long) budget.memoryPages() * PAGE_BYTES;
      case STDOUT -> budget.stdoutBytes();
      case STDERR -> budget.stderrBytes();
      case HOST_CALLS -> budget.hostCalls();
      case HOST_REPLIES -> budget.hostReplyBytes();
    };
  }

  /**
   * The budget with another value.
   *
   * @param value not more than what some budget has
   */
  EvaluationBudget set(EvaluationBudget budget, long value) {
    return switch (this) {
      case MEMORY -> budget.withMemoryPages(Math.toIntExact(value / PAGE_BYTES));
      case STDOUT -> budget.withStdoutBytes(Math.toIntExact(value));
      case STDERR -> budget.withStderrBytes(Math.toIntExact(value));
      case HOST_CALLS -> budget.withHostCalls(Math.toIntExact(value));
      case HOST_REPLIES -> budget.withHostReplyBytes(Math.toIntExact(value));
    };
  }

  /** Empty if it is not of the form, or too small to be of use. */
  OptionalLong parse(String text) {
    if (this == HOST_CALLS) {
      return NUMBER.matcher(text).matches()
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    }
    if (!SIZE.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    var bytes = Quantity.getAmountInBytes(new Quantity(text)).longValueExact();
    return bytes >= (this == MEMORY ? PAGE_BYTES : 1)
        ? OptionalLong.of(bytes)
        : OptionalLong.empty();
  }

  /** What {@link #parse} takes. */
  String form() {
    return switch (this) {
      case MEMORY -> "a size of 64Ki or more, like 64Ki, 256Mi or 1Gi";
      case HOST_CALLS -> "a number like 500";
      case STDOUT, STDERR, HOST_REPLIES -> "a size like 64Ki, 256Mi or 1Gi";
    };
  }

  /** A value as people write it. */
  String text(long value) {
    if (this == HOST_CALLS) {
      return Long.toString(value);
    }
    var unit = 0;
    var number = value;
    while (unit < UNITS.length - 1 && number >= UNIT && number % UNIT == 0) {
      number /= UNIT;
      unit++;
    }
    return number + UNITS[unit];
  }
}
