package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.evaluation.AdmissionResponse.Status;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.evaluation.PolicyAnswer.Timings;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.Shape;
import dev.warder.policy.json.UnexpectedJsonException;
import dev.warder.policy.wasi.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What the outcome of {@code validate} means for the request. */
record Verdict(AdmissionResponse response, Ending ending, String stderr) {
  private static final int FAILED = 500;

  private static final Shape RESPONSE =
      Shape.object()
          .required("accepted", Shape.BOOLEAN)
          .optional("message", Shape.TEXT)
          .optional("code", Shape.CODE)
          .optional("mutated_object", Shape.ANY)
          .optional("audit_annotations", Shape.mapOf(Shape.TEXT))
          .optional("warnings", Shape.listOf(Shape.TEXT));

  static Verdict of(ValidationRequest request, Run run) {
    return switch (RunOutput.of(run)) {
      case RunOutput.Failed(var ending, var message, var stderr) ->
          new Verdict(failed(request, message), ending, stderr);
      case RunOutput.Answer(var stdout, var stderr) -> read(request, stdout, stderr);
    };
  }

  /** Why, for people; empty if nobody said. */
  String message() {
    return response.status().flatMap(Status::message).orElse("");
  }

  PolicyAnswer timed(Timings timings) {
    return new PolicyAnswer(response, ending, stderr, timings);
  }

  private static Verdict read(ValidationRequest request, String stdout, String stderr) {
    try {
      var answer = RESPONSE.fit(Json.read(stdout), "answer");
      return new Verdict(response(request, answer), new Ending.Answered(), stderr);
    } catch (UnexpectedJsonException e) {
      var message =
          "internal server error: cannot deserialize policy validation response: " + e.reason();
      return new Verdict(failed(request, message), new Ending.Unreadable(), stderr);
    }
  }

  private static AdmissionResponse response(ValidationRequest request, JsonNode answer) {
    var original = request.mutable();
    var mutated = answer.get("mutated_object");
    if (mutated != null && original == null) {
      return AdmissionResponse.refuse(
          request.uid(),
          "Incoming object is null, as in a DELETE request: mutation is not allowed",
          OptionalInt.empty());
    }
    return new AdmissionResponse(
        request.uid(),
        answer.path("accepted").booleanValue(),
        mutated == null || original == null ? Optional.empty() : Patches.between(original, mutated),
        status(answer),
        Optional.ofNullable(answer.get("audit_annotations")).map(Verdict::texts),
        Optional.ofNullable(answer.get("warnings")).map(Verdict::list));
  }

  private static Optional<Status> status(JsonNode answer) {
    if (!answer.has("message") && !answer.has("code")) {
      return Optional.empty();
    }
    var code =
        answer.has("code") ? OptionalInt.of(answer.path("code").intValue()) : OptionalInt.empty();
    return Optional.of(
        new Status(Optional.ofNullable(answer.path("message").textValue()), code, List.of()));
  }

  private static AdmissionResponse failed(ValidationRequest request, String message) {
    return AdmissionResponse.refuse(request.uid(), message, OptionalInt.of(FAILED));
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new LinkedHashMap<String, String>();
    object
        .properties()
        .forEach(member -> texts.put(member.getKey(), member.getValue().textValue()));
    return texts;
  }

  private static List<String> list(JsonNode array) {
    var list = new ArrayList<String>();
    array.forEach(element -> list.add(element.textValue()));
    return list;
  }
}
