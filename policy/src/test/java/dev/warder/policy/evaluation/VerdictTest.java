package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.bytes;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podDeletion;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podObject;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podRequest;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.rawRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.evaluation.AdmissionResponse.Status;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.evaluation.PolicyAnswer.Timings;
import dev.warder.policy.json.Json;
import dev.warder.policy.wasi.Overrun;
import dev.warder.policy.wasi.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VerdictTest {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] NOT_UTF8 = {'o', 'k', (byte) 0xff, (byte) 0xfe};
  private static final String UNREADABLE =
      "internal server error: cannot deserialize policy validation response: ";

  @Test
  void allowsWhatThePolicyAccepts() {
    var verdict = answered("{\"accepted\":true}");

    assertThat(verdict.ending()).isEqualTo(new Ending.Answered());
    assertThat(verdict.response())
        .isEqualTo(
            new AdmissionResponse(
                AdmissionReviewFixtures.UID,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void refusesWithoutWordsWhatThePolicyRefusesWithoutWords() {
    assertThat(answered("{\"accepted\":false}").response().json().toString())
        .isEqualTo(
            "{\"uid\":\"%s\",\"allowed\":false,\"auditAnnotations\":null,\"warnings\":null}"
                .formatted(AdmissionReviewFixtures.UID));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'message':'no','code':403|no|403",
        "'message':'no'|no|-1",
        "'code':65535|-|65535",
        "'code':0|-|0",
        "'message':'','code':null||-1",
        "'message':null,'code':7|-|7"
      })
  void repeatsMessageAndCodeOfEitherVerdict(String members, String message, int code) {
    var status =
        new Status(
            "-".equals(message)
                ? Optional.empty()
                : Optional.of(Optional.ofNullable(message).orElse("")),
            code < 0 ? OptionalInt.empty() : OptionalInt.of(code),
            List.of());
    var json = members.replace('\'', '"');

    assertThat(answered("{\"accepted\":false," + json + "}").response().status()).contains(status);
    assertThat(answered("{\"accepted\":true," + json + "}").response().status()).contains(status);
  }

  @Test
  void makesNoStatusOfNulls() {
    var verdict =
        answered(
            """
            {"accepted":true,"message":null,"code":null,"mutated_object":null,\
            "audit_annotations":null,"warnings":null}""");

    assertThat(verdict.response()).isEqualTo(answered("{\"accepted\":true}").response());
  }

  @Test
  void handsOnWarningsAndAnnotations() {
    var response =
        answered(
                """
                {"accepted":true,"warnings":["a",""],"audit_annotations":{"k":"v"}}""")
            .response();

    assertThat(response.warnings()).contains(List.of("a", ""));
    assertThat(response.auditAnnotations()).contains(Map.of("k", "v"));
    assertThat(answered("{\"accepted\":true,\"warnings\":[],\"audit_annotations\":{}}").response())
        .extracting(AdmissionResponse::warnings, AdmissionResponse::auditAnnotations)
        .containsExactly(Optional.of(List.of()), Optional.of(Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  \n{\"accepted\":true}\r\n\t ",
        "{\"accepted\":true,\"mutatedObject\":{},\"extra\":[1]}",
      })
  void ignoresWhiteSpaceAndUnknownMembers(String stdout) {
    assertThat(answered(stdout).response()).isEqualTo(answered("{\"accepted\":true}").response());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "certainly, go ahead",
        "{\"accepted\":true}{\"accepted\":true}",
        "{\"accepted\":true}x",
        "NATIVE: log line {\"accepted\":true}",
        "{}",
        "null",
        "[true]",
        "true",
        "{\"accepted\":\"true\"}",
        "{\"accepted\":null}",
        "{\"accepted\":1}",
        "{\"accepted\":true,\"accepted\":false}",
        "{\"accepted\":true,\"code\":-1}",
        "{\"accepted\":true,\"code\":65536}",
        "{\"accepted\":true,\"code\":4.0}",
        "{\"accepted\":true,\"code\":4e2}",
        "{\"accepted\":true,\"code\":\"400\"}",
        "{\"accepted\":true,\"code\":123456789012345678901234567890}",
        "{\"accepted\":true,\"message\":1}",
        "{\"accepted\":true,\"warnings\":\"a\"}",
        "{\"accepted\":true,\"warnings\":[null]}",
        "{\"accepted\":true,\"audit_annotations\":{\"a\":1}}",
        "{\"accepted\":true,\"audit_annotations\":[]}",
        "{\"accepted\":true,\"message\":\"\\ud800\"}",
        "{\"accepted\":true,\"mutated_object\":{\"\\ud800\":1}}"
      })
  void refusesWhenTheAnswerCannotBeRead(String stdout) {
    var verdict = answered(stdout);

    assertThat(verdict.ending()).isEqualTo(new Ending.Unreadable());
    assertFailed(verdict.response());
    assertThat(verdict.message()).startsWith(UNREADABLE).hasSizeGreaterThan(UNREADABLE.length());
  }

  @Test
  void saysWhatIsWrongWithTheAnswer() {
    assertThat(answered("{}").message()).isEqualTo(UNREADABLE + "answer.accepted is missing");
    assertThat(answered("").message()).isEqualTo(UNREADABLE + "nothing but white space");
    assertThat(answered("{\"accepted\":true,\"code\":-1}").message())
        .isEqualTo(
            UNREADABLE + "answer.code must be an integer from 0 to 65535, not the number -1");
  }

  static Stream<Arguments> stderrs() {
    return Stream.of(
        Arguments.of("  lost its way \n", "lost its way"), Arguments.of("\u2003a\n b", "a\n b"));
  }

  @ParameterizedTest
  @MethodSource("stderrs")
  void tellsACrashInTheTrimmedWordsOfThePolicy(String stderr, String message) {
    var exit = verdict(new Run.Exited(3, bytes("{\"accepted\":true}"), bytes(stderr)));
    var trap = verdict(new Run.Trapped("unreachable", bytes(stderr)));

    for (var verdict : List.of(exit, trap)) {
      assertThat(verdict.ending()).isEqualTo(new Ending.Crashed());
      assertFailed(verdict.response());
      assertThat(verdict.message()).isEqualTo(message);
    }
  }

  @Test
  void tellsACrashWithoutWordsByItself() {
    assertThat(verdict(new Run.Exited(134, NOTHING, bytes(" \n"))).message())
        .isEqualTo("the policy exited with code 134 and printed nothing on stderr");
    assertThat(verdict(new Run.Trapped("out of bounds memory access", NOTHING)).message())
        .isEqualTo(
            "the policy trapped (out of bounds memory access) and printed nothing on stderr");
  }

  @Test
  void cutsALongStderrBetweenCharacters() {
    var stderr = "x".repeat(StderrText.MAX_CHARS - 1) + "🦊".repeat(1000);
    var verdict = verdict(new Run.Exited(1, NOTHING, bytes(stderr)));

    assertThat(verdict.message())
        .isEqualTo("x".repeat(StderrText.MAX_CHARS - 1) + "… (cut after 16384 characters)");
    var exact = "y".repeat(StderrText.MAX_CHARS);
    assertThat(verdict(new Run.Exited(1, NOTHING, bytes(exact))).message()).isEqualTo(exact);
  }

  @ParameterizedTest
  @EnumSource
  void namesTheBudgetThatWasExceeded(Overrun budget) {
    var verdict = verdict(new Run.Overran(budget, "exceeded " + budget.label(), NOT_UTF8));

    assertThat(verdict.ending()).isEqualTo(new Ending.Overran(budget));
    assertFailed(verdict.response());
    assertThat(verdict.message()).isEqualTo("exceeded " + budget.label());
    assertThat(verdict.timed(new Timings(1, 2)).overrun()).contains(budget);
  }

  @Test
  void tellsThatAPolicyCouldNotStart() {
    var verdict = verdict(new Run.NotStarted("the module has no function _start"));

    assertThat(verdict.ending()).isEqualTo(new Ending.Crashed());
    assertFailed(verdict.response());
    assertThat(verdict.message()).isEqualTo("the module has no function _start");
  }

  @Test
  void refusesOutputThatIsNotUtf8AndNamesThePipe() {
    var fine = bytes("{\"accepted\":true}");
    assertThat(verdict(new Run.Exited(0, NOT_UTF8, NOTHING)))
        .satisfies(verdict -> assertNotUtf8(verdict, "stdout", new Ending.Unreadable()));
    assertThat(verdict(new Run.Exited(0, fine, NOT_UTF8)))
        .satisfies(verdict -> assertNotUtf8(verdict, "stderr", new Ending.Unreadable()));
    assertThat(verdict(new Run.Exited(1, fine, NOT_UTF8)))
        .satisfies(verdict -> assertNotUtf8(verdict, "stderr", new Ending.Crashed()));
    assertThat(verdict(new Run.Trapped("unreachable", NOT_UTF8)))
        .satisfies(verdict -> assertNotUtf8(verdict, "stderr", new Ending.Crashed()));
  }

  @Test
  void doesNotLookAtStdoutAfterACrash() {
    assertThat(verdict(new Run.Exited(1, NOT_UTF8, bytes("why"))).message()).isEqualTo("why");
  }

  @Test
  void keepsStderrOfASuccessForTheLogOnly() {
    var verdict = verdict(new Run.Exited(0, bytes("{\"accepted\":true}"), bytes(" careful\n")));

    assertThat(verdict.stderr()).isEqualTo("careful");
    assertThat(verdict.response()).isEqualTo(answered("{\"accepted\":true}").response());
  }

  @Test
  void makesAPatchRelativeToTheObject() {
    var mutated = podObject();
    mutated.withObject("/metadata/labels").put("a/b~c", "d");
    var response = answered(mutation(true, mutated)).response();

    assertThat(response.allowed()).isTrue();
    assertThat(response.patch())
        .contains(
            """
            [{"op":"add","path":"/metadata/labels/a~1b~0c","value":"d"}]""");
    assertThat(response.json().path("patchType").textValue()).isEqualTo("JSONPatch");
  }

  @Test
  void makesAPatchRelativeToTheWholeRawRequest() {
    var response =
        Verdict.of(
                rawRequest("{\"object\":{\"a\":1},\"uid\":\"x\"}"),
                exit("{\"accepted\":true,\"mutated_object\":{\"object\":{\"a\":2},\"uid\":\"x\"}}"))
            .response();

    assertThat(response.uid()).isEqualTo("x");
    assertThat(response.patch())
        .contains(
            """
            [{"op":"replace","path":"/object/a","value":2}]""");
  }

  @Test
  void makesNoPatchWhenNothingChanged() {
    var response = answered(mutation(true, podObject())).response();

    assertThat(response.patch()).isEmpty();
    assertThat(response.json().has("patch")).isFalse();
    assertThat(response.json().has("patchType")).isFalse();
  }

  @Test
  void makesAPatchEvenOfARefusal() {
    var response = answered("{\"accepted\":false,\"mutated_object\":{}}").response();

    assertThat(response.allowed()).isFalse();
    assertThat(response.patch()).isPresent();
  }

  @Test
  void refusesAMutationOfNothingAndDropsAllElse() {
    var verdict =
        Verdict.of(
            podDeletion(),
            exit(
                """
                {"accepted":true,"message":"m","code":1,"warnings":["w"],\
                "audit_annotations":{"a":"b"},"mutated_object":{"a":1}}"""));

    assertThat(verdict.ending()).isEqualTo(new Ending.Answered());
    assertThat(verdict.response())
        .isEqualTo(
            AdmissionResponse.refuse(
                AdmissionReviewFixtures.UID,
                "Incoming object is null, as in a DELETE request: mutation is not allowed",
                OptionalInt.empty()));
  }

  @Test
  void letsADeletionPassThatIsNotMutated() {
    assertThat(
            Verdict.of(podDeletion(), exit("{\"accepted\":true,\"mutated_object\":null}"))
                .response()
                .allowed())
        .isTrue();
  }

  @Test
  void replacesAnObjectThatBecameSomethingElse() {
    assertThat(answered("{\"accepted\":true,\"mutated_object\":7}").response().patch())
        .contains(
            """
            [{"op":"replace","path":"","value":7}]""");
  }

  private static void assertFailed(AdmissionResponse response) {
    assertThat(response.allowed()).isFalse();
    assertThat(response.uid()).isEqualTo(AdmissionReviewFixtures.UID);
    assertThat(response.patch()).isEmpty();
    assertThat(response.status().orElseThrow().code()).hasValue(500);
  }

  private static void assertNotUtf8(Verdict verdict, String pipe, Ending ending) {
    assertFailed(verdict.response());
    assertThat(verdict.ending()).isEqualTo(ending);
    assertThat(verdict.message()).contains(pipe + " pipe", "UTF-8").doesNotContain("internal");
  }

  private static String mutation(boolean accepted, JsonNode object) {
    var answer = Json.object().put("accepted", accepted);
    answer.set("mutated_object", object);
    return answer.toString();
  }

  private static Verdict answered(String stdout) {
    return verdict(exit(stdout));
  }

  private static Verdict verdict(Run run) {
    return Verdict.of(podRequest(), run);
  }

  private static Run exit(String stdout) {
    return new Run.Exited(0, bytes(stdout), NOTHING);
  }
}
