package dev.warder.cli.common;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;

/** What failures of the parts mean to a command: its end. */
public final class Failures {
  private Failures() {}

  /**
   * The value of a step that happened.
   *
   * @throws CommandFailedException if it did not
   */
  public static <T> T valueOf(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(var value) -> value;
      case Outcome.Failed<T>(var failure) -> throw refusal(failure);
    };
  }

  /** One line: the reason, which scripts can look for, and the message. */
  private static CommandFailedException refusal(Failure failure) {
    return switch (failure.reason()) {
      // kwctl's words, which scripts look for.
      case SettingsRejected ->
          new CommandFailedException(
              "Provided settings are not valid: "
                  + failure.message().replaceFirst("^Policy settings are invalid: ", ""));
      default -> new CommandFailedException(failure.reason() + ": " + failure.message());
    };
  }
}
