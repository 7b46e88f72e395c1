package dev.warder.policy.testing;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;

/** Takes outcomes apart in tests. */
public final class Outcomes {
  private Outcomes() {}

  /** The value; an assertion error that tells the failure if there is none. */
  public static <T> T value(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(var value) -> value;
      case Outcome.Failed<T>(var failure) ->
          throw new AssertionError("failed with " + failure.reason() + ": " + failure.message());
    };
  }

  /** The failure; an assertion error that tells the value if there is none. */
  public static Failure failure(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Done<?>(var value) -> throw new AssertionError("did not fail: " + value);
      case Outcome.Failed<?>(var failure) -> failure;
    };
  }
}
