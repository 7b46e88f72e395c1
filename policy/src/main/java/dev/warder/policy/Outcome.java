package dev.warder.policy;

import java.util.function.Function;

/**
 * What a step of the journey gives back: a value that proves the step happened, or the failure that
 * ended the journey.
 */
public sealed interface Outcome<T> {
  /** The step happened. */
  record Done<T>(T value) implements Outcome<T> {}

  /** The step did not happen, and why. */
  record Failed<T>(Failure failure) implements Outcome<T> {}

  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Outcome<T> failed(Reason reason, String message) {
    return new Failed<>(new Failure(reason, message));
  }

  /** Goes on with the next step; a failure is handed on as it is. */
  default <N> Outcome<N> then(Function<? super T, Outcome<N>> next) {
    return switch (this) {
      case Done<T>(var value) -> next.apply(value);
      case Failed<T>(var failure) -> new Failed<>(failure);
    };
  }

  default <N> Outcome<N> map(Function<? super T, ? extends N> change) {
    return then(value -> new Done<>(change.apply(value)));
  }
}
