package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.bytes;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.podRequest;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.wasi.Run;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes in, what comes out is in the contract. */
final class HostileInputTest {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] ANSWER =
      bytes(
          """
          {"accepted":true,"message":"m\\u0041","code":200,"mutated_object":{"metadata":{"labels":
          {"a":"ü"}},"spec":{"containers":[{"name":"app"},1.0e2]}},"audit_annotations":{"k":"v"},
          "warnings":["w"]}""");

  @Property(tries = 3000)
  void aMutatedReviewIsARequestOrRefused(@ForAll long seed) {
    var decoded = AdmissionReviews.decode(mutated(AdmissionReviewFixtures.podReview(), seed));

    switch (decoded) {
      case Decoded.Request(var request) ->
          assertThat(AdmissionReviews.decodeRequest(request.json()))
              .isInstanceOf(Decoded.Request.class);
      case Decoded.NotJson(var message) -> assertTellable(message);
      case Decoded.Malformed(var message) -> assertTellable(message);
    }
  }

  @Property(tries = 2000)
  void aMutatedRawReviewIsARequestOrRefused(@ForAll long seed) {
    var decoded = AdmissionReviews.decodeRaw(mutated(AdmissionReviewFixtures.podReview(), seed));

    if (decoded instanceof Decoded.Request(var request)) {
      assertThat(text(request.json()))
          .isEqualTo(
              text(
                  ((Decoded.Request) AdmissionReviews.decodeRawRequest(request.json()))
                      .request()
                      .json()));
    }
  }

  @Property(tries = 3000)
  void aMutatedAnswerIsAVerdict(@ForAll long seed) {
    assertIsVerdict(new Run.Exited(0, mutated(ANSWER, seed), NOTHING));
  }

  @Property
  void anyOutputIsAVerdict(
      @ForAll int code, @ForAll("output") byte[] stdout, @ForAll("output") byte[] stderr) {
    assertIsVerdict(new Run.Exited(code, stdout, stderr));
    assertIsVerdict(new Run.Trapped("unreachable", stderr));
    assertThat(SettingsCheck.of(settings(), new Run.Exited(code, stdout, stderr))).isNotNull();
  }

  @Provide
  Arbitrary<byte[]> output() {
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMaxSize(50),
        Arbitraries.of(
                "{\"accepted\":",
                "true",
                "}",
                "{\"valid\":",
                "null",
                ",",
                "[",
                "\"code\":",
                "-1",
                "\"",
                "\\ud800")
            .list()
            .ofMaxSize(8)
            .map(parts -> bytes(String.join("", parts))));
  }

  private static void assertIsVerdict(Run run) {
    var verdict = Verdict.of(podRequest(), run);
    var response = verdict.response();

    assertThat(response.uid()).isEqualTo(AdmissionReviewFixtures.UID);
    if (!(verdict.ending() instanceof Ending.Answered)) {
      assertThat(response.allowed()).isFalse();
      assertThat(response.status().orElseThrow().code()).hasValue(500);
      assertThat(verdict.message()).isNotBlank();
    }
    assertThat(AdmissionReviewFixtures.tree(text(AdmissionReviews.encode(response))).isObject())
        .isTrue();
  }

  private static void assertTellable(String message) {
    assertThat(message).isNotBlank().hasSizeLessThan(600).doesNotContain("com.fasterxml");
  }

  private static PolicySettings settings() {
    return ((Outcome.Done<PolicySettings>) PolicySettings.of(null)).value();
  }

  /** Changes, inserts, removes or repeats a few bytes. */
  private static byte[] mutated(byte[] good, long seed) {
    var random = new Random(seed);
    var bytes = good;
    for (var i = random.nextInt(4); i >= 0; i--) {
      var at = random.nextInt(bytes.length);
      var length = Math.min(random.nextInt(1, 12), bytes.length - at);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> spliced(bytes, at, 1, new byte[] {(byte) random.nextInt()});
            case 1 ->
                spliced(
                    bytes,
                    at,
                    1,
                    new byte[] {(byte) "\"{}[],:\\0-e.\n".charAt(random.nextInt(13))});
            case 2 -> spliced(bytes, at, length, NOTHING);
            case 3 -> spliced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            default -> spliced(bytes, at, length, bytes("null"));
          };
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int at, int removed, byte[] inserted) {
    return ByteBuffer.allocate(bytes.length - removed + inserted.length)
        .put(bytes, 0, at)
        .put(inserted)
        .put(bytes, at + removed, bytes.length - at - removed)
        .array();
  }
}
