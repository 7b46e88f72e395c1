package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
   * @param causes the messages that {@code message} took the place of
   */
  public record Status(Optional<String> message, OptionalInt code, List<String> causes) {
    static final Status NONE = new Status(Optional.empty(), OptionalInt.empty(), List.of());

    public Status {
      causes = List.copyOf(causes);
    }

    static Status of(String message) {
      return new Status(Optional.of(message), OptionalInt.empty(), List.of());
    }
  }

  /** A refusal and nothing more. */
  static AdmissionResponse refuse(String uid, String message, OptionalInt code) {
    return new AdmissionResponse(
        uid,
        false,
        Optional.empty(),
        Optional.of(new Status(Optional.of(message), code, List.of())),
        Optional.empty(),
        Optional.empty());
  }

  AdmissionResponse withoutPatch() {
    return new AdmissionResponse(
        uid, allowed, Optional.empty(), status, auditAnnotations, warnings);
  }

  AdmissionResponse withVerdict(boolean verdict, Optional<Status> why) {
    return new AdmissionResponse(uid, verdict, patch, why, auditAnnotations, warnings);
  }

  /** The member {@code response} of a review: absent annotations and warnings are null in it. */
  public ObjectNode json() {
    var json = Json.object();
    json.put("uid", uid);
    json.put("allowed", allowed);
    patch.ifPresent(
        operations -> {
          json.put("patchType", "JSONPatch");
          json.put("patch", base64(operations));
        });
    status.ifPresent(why -> json.set("status", json(why)));
    var annotations = json.putNull("auditAnnotations");
    auditAnnotations.ifPresent(
        given -> given.forEach(annotations.putObject("auditAnnotations")::put));
    var messages = json.putNull("warnings");
    warnings.ifPresent(given -> given.forEach(messages.putArray("warnings")::add));
    return json;
  }

  private static ObjectNode json(Status status) {
    var json = Json.object();
    status.message().ifPresent(message -> json.put("message", message));
    if (!status.causes().isEmpty()) {
      var causes = json.putObject("details").putArray("causes");
      status
          .causes()
          .forEach(
              cause -> causes.addObject().putNull("reason").put("message", cause).putNull("field"));
    }
    status.code().ifPresent(code -> json.put("code", code));
    return json;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
