package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.bytes;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podReviewTree;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.text;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.evaluation.Decoded.Malformed;
import dev.warder.policy.evaluation.Decoded.NotJson;
import dev.warder.policy.evaluation.Decoded.Request;
import dev.warder.policy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdmissionReviewsTest {
  private static final String SMALLEST =
      """
      {"uid":"u","kind":{"group":"","version":"v1","kind":"Pod"},\
      "resource":{"group":"","version":"v1","resource":"pods"},"operation":"CREATE","userInfo":{}}""";

  @Test
  void takesWhatAnApiServerSends() {
    var request = AdmissionReviewFixtures.podRequest();

    assertThat(request.uid()).isEqualTo(AdmissionReviewFixtures.UID);
    assertThat(request.operation()).isEqualTo("CREATE");
    assertThat(request.resourceKind()).contains("Pod");
    assertThat(request.namespace()).contains("shop");
    assertThat(request.name()).contains("web");
    assertThat(request.object()).isEqualTo(podReviewTree().at("/request/object"));
    assertThat(request.mutable()).isEqualTo(request.object());
  }

  @Test
  void givesTheGuestEveryKnownMemberAndNoNull() {
    var expected = podReviewTree().withObject("/request");
    expected.remove("oldObject");

    assertThat(tree(text(AdmissionReviewFixtures.podRequest().json()))).isEqualTo(expected);
  }

  @Test
  void takesTheSmallestRequestAsItIs() {
    assertThat(guestSees("{\"request\":" + SMALLEST + "}")).isEqualTo(SMALLEST);
  }

  @Test
  void takesWhatTheAuditScannerSends() {
    var request =
        (ValidationRequest.Kubernetes)
            request(
                """
                {"request":{"uid":"1","kind":{"group":"","version":"v1","kind":"Pod"},
                "resource":{"group":"","version":"v1","resource":"Pod"},
                "requestKind":{"group":"","version":"v1","kind":"Pod"},"name":"a",
                "namespace":"b","operation":"CREATE","object":{"a":1},"userInfo":{}}}""");

    assertThat(request.object()).isEqualTo(tree("{\"a\":1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/unknown",
        "/request/unknown",
        "/request/kind/unknown",
        "/request/resource/unknown",
        "/request/requestKind/unknown",
        "/request/userInfo/unknown"
      })
  void dropsUnknownMembers(String pointer) {
    var review = podReviewTree();
    var parent = (ObjectNode) review.at(pointer.substring(0, pointer.lastIndexOf('/')));
    parent.put("unknown", "secret");

    assertThat(guestSees(text(Json.write(review)))).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subResource",
        "requestKind",
        "requestResource",
        "requestSubResource",
        "name",
        "namespace",
        "object",
        "oldObject",
        "dryRun",
        "options"
      })
  void makesAnOptionalMemberThatIsNullAbsent(String member) {
    var review = podReviewTree();
    review.withObject("/request").putNull(member);

    assertThat(tree(guestSees(text(Json.write(review)))).has(member)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"username", "uid", "groups", "extra"})
  void makesAUserMemberThatIsNullAbsent(String member) {
    var review = podReviewTree();
    review.withObject("/request/userInfo").putNull(member);

    assertThat(tree(guestSees(text(Json.write(review)))).path("userInfo").has(member)).isFalse();
  }

  @Test
  void keepsNullsInsideTheObject() {
    var json = guestSees(text(AdmissionReviewFixtures.podReview()));

    assertThat(tree(json).at("/object/metadata/creationTimestamp").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0",
        "0.10",
        "1E+5",
        "123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890",
        "1E+999999999",
        "-7",
        "18446744073709551615"
      })
  void keepsNumbersAsTheyWereWritten(String number) {
    var json = guestSees(smallestWith("object", "{\"n\":" + number + "}"));

    assertThat(json).endsWith("\"object\":{\"n\":" + number + "}}");
  }

  @Test
  void keepsTextOutsideOfTheBasicPlaneInUtf8() {
    assertThat(guestSees(smallestWith("name", "\"\\ud83e\\udd8a🦊\"")))
        .contains("\"name\":\"🦊🦊\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uid",
        "kind",
        "kind.group",
        "kind.version",
        "kind.kind",
        "resource",
        "resource.group",
        "resource.version",
        "resource.resource",
        "requestKind.kind",
        "requestResource.resource",
        "operation",
        "userInfo"
      })
  void namesTheMemberThatIsMissing(String member) {
    var review = podReviewTree();
    parentOf(review, member).remove(member.substring(member.lastIndexOf('.') + 1));

    assertThat(decode(review)).isEqualTo(new Malformed("request." + member + " is missing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uid|null|request.uid must be a string, not null",
        "uid|7|request.uid must be a string, not the number 7",
        "kind|\"Pod\"|request.kind must be an object, not a string",
        "kind.group|null|request.kind.group must be a string, not null",
        "resource|[]|request.resource must be an object, not a list",
        "subResource|true|request.subResource must be a string, not a boolean",
        "requestKind|[]|request.requestKind must be an object, not a list",
        "name|{}|request.name must be a string, not an object",
        "operation|1|request.operation must be a string, not the number 1",
        "userInfo|null|request.userInfo must be an object, not null",
        "userInfo.groups|\"a\"|request.userInfo.groups must be a list, not a string",
        "userInfo.groups|[\"a\",1]|request.userInfo.groups[1] must be a string, not the number 1",
        "userInfo.extra|[]|request.userInfo.extra must be an object, not a list",
        "userInfo.extra|{\"k\":\"v\"}|request.userInfo.extra.k must be a list, not a string",
        "dryRun|\"no\"|request.dryRun must be a boolean, not a string"
      })
  void namesTheMemberOfTheWrongType(String member, String value, String message) {
    var review = podReviewTree();
    parentOf(review, member).set(member.substring(member.lastIndexOf('.') + 1), tree(value));

    assertThat(decode(review)).isEqualTo(new Malformed(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|review must be an object, not a list",
        "null|review must be an object, not null",
        "\"text\"|review must be an object, not a string",
        "{}|review.request is missing",
        "{\"request\":null}|request must be an object, not null",
        "{\"request\":[]}|request must be an object, not a list"
      })
  void saysWhatIsWrongWithTheReview(String body, String message) {
    assertThat(AdmissionReviews.decode(bytes(body))).isEqualTo(new Malformed(message));
  }

  static Stream<byte[]> notJson() {
    return Stream.of(
        new byte[0],
        bytes("  \n"),
        bytes("{"),
        bytes("{\"request\":}"),
        bytes("NaN"),
        bytes("{'request':1}"),
        bytes("{}{}"),
        bytes("{} x"),
        bytes("\ufeff{}"),
        bytes("// hello\n{}"),
        bytes("{\"a\":1,\"a\":2}"),
        bytes("{\"request\":{\"object\":{\"a\":1,\"a\":2}}}"),
        bytes("{\"a\":01}"),
        bytes("{\"a\":" + "9".repeat(101) + "}"),
        bytes("{\"a\":1e99999999999999}"),
        bytes("{\"a\":\"\\ud800\"}"),
        bytes("{\"a\":\"\\udc00\\ud800\"}"),
        bytes("{\"\\uD800\":1}"),
        bytes("[[{\"a\":[\"x\\udfff\"]}]]"),
        bytes("[".repeat(10_000)),
        bytes("[".repeat(10_000) + "]".repeat(10_000)),
        bytes("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)),
        bytes("[" + "{},".repeat(Json.MAX_TOKENS / 2) + "{}]"),
        "{\"a\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1),
        "{}".getBytes(StandardCharsets.UTF_16),
        "{}".getBytes(StandardCharsets.UTF_32),
        new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
        new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'});
  }

  @ParameterizedTest
  @MethodSource("notJson")
  void refusesWhatIsNotOneJsonDocument(byte[] body) {
    Consumer<Decoded> isRefused =
        decoded ->
            assertThat(decoded)
                .asInstanceOf(type(NotJson.class))
                .extracting(NotJson::message, STRING)
                .startsWith("the body is not one JSON document: ")
                .hasSizeLessThan(600)
                .doesNotContain("\n", "Exception", "`", "com.fasterxml");

    assertThat(AdmissionReviews.decode(body)).satisfies(isRefused);
    assertThat(AdmissionReviews.decodeRaw(body)).satisfies(isRefused);
  }

  @Test
  void saysWhereTheBodyStopsBeingJson() {
    assertThat(AdmissionReviews.decode(bytes("{\n \"a\": x}")))
        .asInstanceOf(type(NotJson.class))
        .extracting(NotJson::message, STRING)
        .contains("Unrecognized token 'x'")
        .contains("line 2, column");
  }

  @Test
  void takesAnObjectOfEightMebibytes() {
    var big = "x".repeat(8 << 20);

    assertThat(guestSees(smallestWith("object", "{\"data\":\"" + big + "\"}"))).contains(big);
  }

  @Test
  void takesTheDeepestObjectThatIsAllowed() {
    var depth = Json.MAX_DEPTH - 2;
    var deep = "[".repeat(depth) + "]".repeat(depth);

    assertThat(guestSees(smallestWith("object", deep))).endsWith("\"object\":" + deep + "}");
    assertThat(AdmissionReviews.decode(bytes(smallestWith("object", "[" + deep + "]"))))
        .isInstanceOf(NotJson.class);
  }

  @Test
  void boundsMessagesThatRepeatNames() {
    var review = podReviewTree();
    review.withObject("/request/userInfo/extra").put("k".repeat(1 << 19), "not a list");

    assertThat(decode(review))
        .asInstanceOf(type(Malformed.class))
        .extracting(Malformed::message, STRING)
        .hasSizeLessThan(600);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"uid\":\"a\",\"b\":null}|a",
        "{\"uid\":7}|''",
        "{\"uid\":null}|''",
        "{}|''",
        "null|''",
        "[{\"uid\":\"a\"}]|''",
        "\"uid\"|''",
        "1.50|''"
      })
  void takesAnyRawRequestAsItIs(String request, String uid) {
    var decoded = request(AdmissionReviews.decodeRaw(bytes("{\"request\":" + request + "}")));

    assertThat(text(decoded.json())).isEqualTo(request);
    assertThat(decoded.uid()).isEqualTo(uid);
    assertThat(decoded.mutable()).isEqualTo(tree(request));
  }

  @Test
  void wantsTheMemberRequestInARawReview() {
    assertThat(AdmissionReviews.decodeRaw(bytes("{}")))
        .isEqualTo(new Malformed("review.request is missing"));
  }

  @Test
  void takesRequestsWithoutAReviewAroundThem() {
    assertThat(text(request(AdmissionReviews.decodeRequest(bytes(SMALLEST))).json()))
        .isEqualTo(SMALLEST);
    assertThat(text(request(AdmissionReviews.decodeRawRequest(bytes("[1]"))).json()))
        .isEqualTo("[1]");
  }

  @Test
  void wrapsResponses() {
    var response = AdmissionResponse.refuse("u", "no", OptionalInt.empty());
    var json =
        """
        {"uid":"u","allowed":false,"status":{"message":"no"},"auditAnnotations":null,"warnings":null}\
        """;

    assertThat(text(AdmissionReviews.encode(response)))
        .isEqualTo(
            "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"response\":"
                + json
                + "}");
    assertThat(text(AdmissionReviews.encodeRaw(response))).isEqualTo("{\"response\":" + json + "}");
  }

  private static String smallestWith(String member, String value) {
    return "{\"request\":"
        + SMALLEST.substring(0, SMALLEST.length() - 1)
        + ",\"%s\":%s}}".formatted(member, value);
  }

  private static Decoded decode(ObjectNode review) {
    return AdmissionReviews.decode(Json.write(review));
  }

  private static String guestSees(String review) {
    return text(request(review).json());
  }

  private static ValidationRequest request(String review) {
    return request(AdmissionReviews.decode(bytes(review)));
  }

  private static ValidationRequest request(Decoded decoded) {
    assertThat(decoded).isInstanceOf(Request.class);
    return ((Request) decoded).request();
  }

  private static ObjectNode parentOf(ObjectNode review, String member) {
    var dot = member.lastIndexOf('.');
    return review.withObject("/request" + (dot < 0 ? "" : "/" + member.substring(0, dot)));
  }
}
