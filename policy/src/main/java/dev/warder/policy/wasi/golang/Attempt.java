package dev.warder.policy.wasi.golang;

import java.util.function.Function;

/**
 * What an attempt to pre-initialise gives. A refusal is no failure: the module then runs as it is.
 */
public sealed interface Attempt<T> {
  /** It worked. */
  record Made<T>(T value) implements Attempt<T> {}

  /**
   * The module is left as it is.
   *
   * @param reason why so, for its author; one line that begins with "the module"
   */
  record Refused<T>(String reason) implements Attempt<T> {}

  static <T> Attempt<T> made(T value) {
    return new Made<>(value);
  }

  static <T> Attempt<T> refused(String reason) {
    return new Refused<>(reason);
  }

  /** Goes on with the next step; a refusal is handed on as it is. */
  default <N> Attempt<N> then(Function<? super T, Attempt<N>> next) {
    return switch (this) {
      case Made<T>(var value) -> next.apply(value);
      case Refused<T>(var reason) -> new Refused<>(reason);
    };
  }

  default <N> Attempt<N> map(Function<? super T, ? extends N> change) {
    return then(value -> new Made<>(change.apply(value)));
  }
}
