package dev.warder.webhook.http;

import static dev.warder.webhook.http.TestPolicies.request;
import static dev.warder.webhook.http.TestServer.json;
import static dev.warder.webhook.http.TestServer.review;
import static dev.warder.webhook.http.TestServer.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent gets the status code of the contract and a JSON body without any internals. */
@ExtendWith(TestPolicies.Resolver.class)
@TestInstance(Lifecycle.PER_CLASS)
final class BadRequestIT {
  private static final String POLICY = "no-latest-tag";
  private static final int MIB = 1 << 20;

  private final TestServer server = TestServer.start();
  private final String good = review(request(POLICY, "accept"));

  @BeforeAll
  void serve(TestPolicies policies) {
    server.serve(POLICY, policies.sample(POLICY));
  }

  @AfterAll
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
  void refusesAnotherContentType(String type) {
    assertRefused(415, postAs(type, good));
  }

  @Test
  void refusesAMissingContentType() throws IOException {
    assertThat(raw("POST /validate/" + POLICY, "Content-Length: 2\r\n", "{}")).startsWith("415");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/admission+json"
      })
  void takesEveryKindOfJson(String type) {
    assertThat(verdict(postAs(type, good)).path("allowed").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "nonsense", "{\"request\": {}} trailing"})
  void refusesWhatIsNotJson(String body) {
    assertRefused(400, post(body));
  }

  @Test
  void refusesATruncatedReview() {
    assertRefused(400, post(good.substring(0, good.length() / 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "1",
        "\"text\"",
        "{}",
        "{\"request\":null}",
        "{\"request\":[]}",
        "{\"request\":{}}",
        "{\"request\":{\"uid\":1}}"
      })
  void refusesJsonThatIsNoReview(String body) {
    assertRefused(422, post(body));
    assertRefused(422, server.post("/audit/" + POLICY, body));
  }

  @ParameterizedTest
  @CsvSource({"[,]", "'{\"a\":',}"})
  void refusesDeepJson(String open, String close) {
    var deep = open.repeat(10_000) + "1" + close.repeat(10_000);

    assertRefused(400, post(deep));
    assertRefused(400, post("{\"request\":" + deep + "}"));
    assertRefused(400, server.post("/validate_raw/" + POLICY, "{\"request\":" + deep + "}"));
  }

  @Test
  void refusesALargeBodyWhetherItSaysSoOrNot() {
    var large = " ".repeat(9 * MIB);
    assertRefused(413, post(large));

    var undeclared =
        server
            .to("/validate/" + POLICY)
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
            .build();
    assertRefused(413, server.send(undeclared));
    assertThat(verdict(post(good)).path("allowed").booleanValue()).isTrue();
  }

  @Test
  void judgesAnObjectOfSevenMebibytes() {
    var padding = "\"padding\":\"" + "x".repeat(7 * MIB) + "\",";
    var large = good.replaceFirst("\"metadata\": \\{", "\"metadata\": {" + padding);

    assertThat(large.length()).isGreaterThan(7 * MIB);
    assertThat(verdict(post(large)).path("uid")).isEqualTo(json(good).at("/request/uid"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"})
  void refusesOtherMethods(String method) {
    for (var route : new String[] {"/validate/", "/validate_raw/", "/audit/"}) {
      var response =
          server.send(
              server.to(route + POLICY).method(method, BodyPublishers.ofString(good)).build());

      assertRefused(405, response);
      assertThat(response.headers().firstValue("allow")).contains("POST");
    }
  }

  @Test
  void saysWhichPolicyIsUnknown() {
    var response = server.post("/validate/kw.cap.nobody", good);

    assertRefused(404, response);
    assertThat(json(response.body()))
        .isEqualTo(json("{\"message\":\"unknown policy: kw.cap.nobody\",\"status\":404}"));
  }

  @Test
  void readsTheBodyBeforeItLooksForThePolicy() {
    assertRefused(400, server.post("/validate/kw.cap.nobody", "nonsense"));
    assertRefused(422, server.post("/validate/kw.cap.nobody", "{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/validate/a%2Fb",
        "/validate/..%2F..%2Fetc",
        "/validate/%00",
        "/validate/%E2%82%AC",
        "/validate/%20",
        "/validate/a%0D%0AX-Bad:%201",
        "/validate/",
        "/validate",
        "/",
        "/readyz",
        "/metrics",
        "/validate/a/b",
        "//",
        "/validate/..",
        "/Validate/no-latest-tag",
        "/validate/../readyz",
        "/validate/./%2e%2e/x"
      })
  void knowsNoOtherPaths(String path) throws IOException {
    assertThat(raw("POST " + path)).startsWith("404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/validate/%zz", "/validate/%", "/validate/%C3%28"})
  void survivesPathsThatCannotBeDecoded(String path) throws IOException {
    assertThat(raw("POST " + path)).containsPattern("^(400|404) ");
  }

  @Test
  void anUnreadableTimeoutCountsAsNone() throws IOException {
    assertThat(raw("POST /validate/" + POLICY + "?timeout=soon")).startsWith("200");
    assertThat(raw("POST /validate/" + POLICY + "?timeout=%zz&timeout="))
        .matches("(?s)(200|400).*");
  }

  @Test
  void refusesWhatIsNotHttp() throws IOException {
    try (var http = new RawHttp(server.connect())) {
      assertJsonError(http.send("NOT HTTP AT ALL\r\n\r\n").readToEnd(), 400);
    }
    try (var http = new RawHttp(server.connect())) {
      http.send("POST /validate/" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
      assertJsonError(http.readToEnd(), 414);
    }
    try (var http = new RawHttp(server.connect())) {
      http.send("POST / HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
      assertJsonError(http.readToEnd(), 431);
    }
  }

  @Test
  void aThousandMutationsOfAGoodReviewGetContractCodes() {
    var random = new Random(20_261_123);
    var bytes = good.getBytes(StandardCharsets.UTF_8);
    for (var i = 0; i < 1000; i++) {
      var response =
          server.send(
              server
                  .to("/validate/" + POLICY)
                  .POST(BodyPublishers.ofByteArray(mutate(bytes, random)))
                  .build());

      assertThat(response.statusCode()).as(response.body()).isIn(200, 400, 422);
      if (response.statusCode() == 200) {
        assertThat(verdict(response).has("allowed")).isTrue();
      } else {
        assertRefused(response.statusCode(), response);
      }
      assertNoInternals(response.body());
    }
    assertThat(verdict(post(good)).path("allowed").booleanValue()).isTrue();
  }

  private static byte[] mutate(byte[] good, Random random) {
    var bytes = good.clone();
    for (var edits = 1 + random.nextInt(4); edits > 0; edits--) {
      var at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) "{}[]\",:0n\\".charAt(random.nextInt(10));
        default -> {
          var from = random.nextInt(bytes.length);
          var length = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
          System.arraycopy(good, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private HttpResponse<String> post(String body) {
    return server.post("/validate/" + POLICY, body);
  }

  private HttpResponse<String> postAs(String type, String body) {
    return server.send(
        server
            .to("/validate/" + POLICY)
            .setHeader("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** The good review to a path that no URI class would let through; status code and body. */
  private String raw(String methodAndPath) throws IOException {
    var length = good.getBytes(StandardCharsets.UTF_8).length;
    return raw(
        methodAndPath,
        "Content-Type: application/json\r\nContent-Length: " + length + "\r\n",
        good);
  }

  private String raw(String methodAndPath, String headers, String body) throws IOException {
    try (var http = new RawHttp(server.connect())) {
      http.send(methodAndPath + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n");
      var answer = http.send(headers + "\r\n" + body).readToEnd();
      var status = Integer.parseInt(answer.substring(9, 12));
      if (status != 200) {
        assertJsonError(answer, status);
      }
      return answer.substring(9);
    }
  }

  private static void assertJsonError(String answer, int status) {
    var head = answer.substring(0, answer.indexOf("\r\n\r\n"));
    assertThat(head).matches("(?s)HTTP/1\\.[01] " + status + " .*");
    assertThat(head).doesNotContainIgnoringCase("x-bad");
    assertError(status, answer.substring(head.length()));
  }

  private static void assertRefused(int status, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertError(status, response.body());
  }

  private static void assertError(int status, String body) {
    var error = json(body);
    assertThat(error.path("status").intValue()).isEqualTo(status);
    assertThat(error.path("message").textValue()).isNotBlank();
    assertThat(error.size()).isEqualTo(2);
    assertNoInternals(body);
  }

  private static void assertNoInternals(String body) {
    assertThat(body)
        .doesNotContain("Exception", "\tat ", "dev.warder", "java.", "io.vertx", "jackson");
  }
}
