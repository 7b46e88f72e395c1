package dev.warder.policy.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A verdict.
 *
 * @param uid repeats the request's
 * @param patch a JSON Patch (RFC 6902) as JSON text, not yet Base64; never an empty patch
 * @param auditAnnotations absent is not the same as empty
 * @param warnings absent is not the same as empty
 */
public record AdmissionResponse(
    String uid,
    boolean allowed,
    Optional<String> patch,
    Optional<Status> status,
    Optional<Map<String, String>> auditAnnotations,
    Optional<List<String>> warnings) {

  /**
   * Why, for people.
   *
   * @param code an HTTP status, 0 to 65535
   * @param causes messages that {@code message} took the place of
   */
  public record Status(Optional<String> message, OptionalInt code, List<String> causes) {
    public Status {
      causes = List.copyOf(causes);
    }
  }
}
