package dev.warder.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.AdmissionResponse.Status;
import dev.warder.policy.evaluation.ValidationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a case expects; what is empty may be anything.
 *
 * @param allowed whether the request is
 * @param settingsValid whether the policy takes its settings
 * @param message of the refusal, of the settings or the request
 * @param code of the refusal
 * @param mutated what becomes of the object
 * @param warnings all of them, in their order
 */
record Expectation(
    Optional<Boolean> allowed,
    Optional<Boolean> settingsValid,
    Optional<TextMatch> message,
    Optional<Integer> code,
    Optional<Mutation> mutated,
    Optional<List<String>> warnings) {

  boolean settingsRefused() {
    return settingsValid.filter(valid -> !valid).isPresent();
  }

  /** How an answer differs from this, one line each. */
  List<String> problems(ValidationRequest request, AdmissionResponse answer) {
    var problems = new ArrayList<String>();
    var text = answer.status().flatMap(Status::message).orElse("");
    allowed
        .filter(wanted -> wanted != answer.allowed())
        .ifPresent(
            wanted ->
                problems.add(
                    "expected to be %s, was %s%s"
                        .formatted(
                            verdict(wanted),
                            verdict(answer.allowed()),
                            text.isEmpty() ? "" : ": " + Texts.quoted(text))));
    message.flatMap(wanted -> problem(wanted, text)).ifPresent(problems::add);
    var got = answer.status().map(Status::code).filter(number -> number.isPresent());
    code.filter(wanted -> got.isEmpty() || got.get().getAsInt() != wanted)
        .ifPresent(
            wanted ->
                problems.add(
                    "code: expected %d, was %s"
                        .formatted(wanted, got.map(c -> "" + c.getAsInt()).orElse("none"))));
    mutated.flatMap(wanted -> problem(wanted, request, answer)).ifPresent(problems::add);
    var warned = answer.warnings().orElse(List.of());
    warnings
        .filter(wanted -> !wanted.equals(warned))
        .ifPresent(wanted -> problems.add("warnings: expected " + wanted + ", was " + warned));
    return problems;
  }

  /** How a refusal of the settings differs from this. */
  List<String> problems(String refusal) {
    return message.flatMap(wanted -> problem(wanted, refusal)).stream().toList();
  }

  private static String verdict(boolean allowed) {
    return allowed ? "allowed" : "refused";
  }

  private static Optional<String> problem(TextMatch wanted, String text) {
    return wanted.fits(text)
        ? Optional.empty()
        : Optional.of(
            "message: expected %s, was %s"
                .formatted(wanted.wanted(), text.isEmpty() ? "none" : Texts.quoted(text)));
  }

  private static Optional<String> problem(
      Mutation wanted, ValidationRequest request, AdmissionResponse answer) {
    return switch (wanted) {
      case Mutation.None() ->
          answer.patch().map(patch -> "mutated: expected no change, was " + patch);
      case Mutation.To(var object) ->
          answer
              .patch()
              .map(patch -> JsonDifference.between(object, patched(request, patch)))
              .orElse(Optional.of("the object was not changed"))
              .map(difference -> "mutated: " + difference);
    };
  }

  private static JsonNode patched(ValidationRequest request, String patch) {
    var original = request.mutable();
    if (original == null) {
      throw new IllegalStateException("there is a patch, but nothing that it could change");
    }
    return PatchedJson.apply(original, patch);
  }
}
