package dev.warder.operator.it;

/** What an API server says to a request that policies judge. */
sealed interface Judgement {
  /** No policy objects. */
  record Admitted() implements Judgement {}

  /** A policy was asked and refuses. */
  record Refused(String message) implements Judgement {}

  /** Not a verdict: the webhook could not be called, or something else broke. */
  record Broken(String message) implements Judgement {}

  default boolean refusedBy(String policy) {
    return this instanceof Refused(var message)
        && message.contains(
            "admission webhook \"kw.cap.%s.kubewarden.admission\" denied the request"
                .formatted(policy));
  }
}
