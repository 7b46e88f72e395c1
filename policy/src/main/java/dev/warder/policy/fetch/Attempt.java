package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;

/** How sending a request once ended. */
sealed interface Attempt {
  /** With an answer, of whatever status. */
  record Answered(HttpReply reply) implements Attempt {}

  /** Without a whole answer. */
  record Broken(Failure failure, Fault fault) implements Attempt {}

  /** What kind of failure it was. */
  enum Fault {
    /** There was no connection, or it broke; another may do better. */
    CONNECTION,
    /** TLS was not agreed on, or the certificate not trusted. */
    TLS,
    /** Anything that sending it again would not mend. */
    LASTING
  }

  default Outcome<HttpReply> outcome() {
    return switch (this) {
      case Answered(var reply) -> Outcome.done(reply);
      case Broken(var failure, _) -> new Outcome.Failed<>(failure);
    };
  }
}
