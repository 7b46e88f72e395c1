package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.evaluation.AdmissionResponse.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class AdmissionResponseTest {
  @Test
  void writesEveryMemberInItsPlace() {
    var response =
        new AdmissionResponse(
            "u",
            false,
            Optional.of("[{\"op\":\"add\",\"path\":\"/ü\",\"value\":1}]"),
            Optional.of(new Status(Optional.of("m"), OptionalInt.of(403), List.of("c", ""))),
            Optional.of(Map.of("k", "v")),
            Optional.of(List.of("w")));

    assertThat(response.json().toString())
        .isEqualTo(
            """
            {"uid":"u","allowed":false,"patchType":"JSONPatch",\
            "patch":"W3sib3AiOiJhZGQiLCJwYXRoIjoiL8O8IiwidmFsdWUiOjF9XQ==",\
            "status":{"message":"m","details":{"causes":[\
            {"reason":null,"message":"c","field":null},\
            {"reason":null,"message":"","field":null}]},"code":403},\
            "auditAnnotations":{"k":"v"},"warnings":["w"]}""");
  }

  @Test
  void writesAbsentAnnotationsAndWarningsAsNullAndOmitsTheRest() {
    var response =
        new AdmissionResponse(
            "", true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(response.json().toString())
        .isEqualTo(
            """
            {"uid":"","allowed":true,"auditAnnotations":null,"warnings":null}""");
  }

  @Test
  void keepsEmptyAnnotationsAndWarningsEmpty() {
    var response =
        new AdmissionResponse(
            "",
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.of(Map.of()),
            Optional.of(List.of()));

    assertThat(response.json().toString())
        .isEqualTo(
            """
            {"uid":"","allowed":true,"auditAnnotations":{},"warnings":[]}""");
  }

  @Test
  void omitsWhatAStatusDoesNotSay() {
    assertThat(refusal(new Status(Optional.empty(), OptionalInt.of(0), List.of())))
        .isEqualTo("{\"code\":0}");
    assertThat(refusal(Status.of("m"))).isEqualTo("{\"message\":\"m\"}");
  }

  private static String refusal(Status status) {
    return AdmissionResponse.refuse("u", "", OptionalInt.empty())
        .withVerdict(false, Optional.of(status))
        .json()
        .path("status")
        .toString();
  }
}
