package dev.warder.policy.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Verdicts that no policy gave. */
public final class Rejections {
  private Rejections() {}

  /** No evaluation was started because too many are waiting, or none would end in time. */
  public static AdmissionResponse overloaded(String uid) {
    return refuse(uid, "overloaded", OptionalInt.of(429));
  }

  static AdmissionResponse refuse(String uid, String message, OptionalInt code) {
    return new AdmissionResponse(
        uid,
        false,
        Optional.empty(),
        Optional.of(new AdmissionResponse.Status(Optional.of(message), code, List.of())),
        Optional.empty(),
        Optional.empty());
  }
}
