package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on bundles, and bundles that are none. */
final class BundleAttacksTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final Bundles BUNDLES = new Bundles(SIGSTORE);
  private static final Judge JUDGE = new Judge(SIGSTORE.trust());
  private static final String BY_OWNER =
      "{kind: githubAction, owner: kubewarden, annotations: {env: prod}}";

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack(
            "statement of another digest",
            Signing::keyed,
            signing -> signing.manifest = Digest.of(new byte[0]),
            _ -> {},
            "it is the signature of another digest"),
        attack(
            "attestation",
            Signing::keyed,
            signing -> signing.predicateType = "https://slsa.dev/provenance/v1",
            _ -> {},
            "its statement is an attestation, not the signature of an image"),
        attack(
            "other payload type",
            Signing::keyed,
            signing -> signing.payloadType = "text/plain",
            _ -> {},
            "its envelope holds no in-toto statement"),
        attack(
            "payload type that was not signed",
            Signing::keyed,
            _ -> {},
            signing -> signing.payloadType = "text/plain",
            "it is by a key that no rule names, or its content was changed"),
        attack(
            "swapped payload",
            Signing::keyed,
            _ -> {},
            signing -> signing.payload = "{}".getBytes(StandardCharsets.UTF_8),
            "it is by a key that no rule names, or its content was changed"),
        attack(
            "bytes behind the payload",
            Signing::keyed,
            _ -> {},
            signing -> {
              signing.payload = Arrays.copyOf(signing.payload, signing.payload.length + 1);
              signing.signature = signing.key.sign(signing.preAuthenticated());
            },
            "its statement is no JSON"),
        attack(
            "proof of another body",
            BUNDLES::proven,
            _ -> {},
            signing -> signing.proof = () -> MerkleLog.proofOf(signing.log.get(), new byte[1]),
            "its inclusion proof does not lead to the root of the log"),
        attack(
            "proof by another log",
            BUNDLES::proven,
            _ -> {},
            signing -> signing.proof = () -> MerkleLog.proofOf(SigningKey.p256(), signing.body),
            "the checkpoint of its inclusion proof is not signed by the log"),
        attack(
            "proof without a time",
            BUNDLES::proven,
            _ -> {},
            _ -> {},
            "nobody that the trust root knows tells when it was signed"),
        attack(
            "time that nobody signed",
            BUNDLES::proven,
            _ -> {},
            signing -> {
              signing.promised = true;
              signing.promise = new byte[8];
            },
            "the promise (SET) of its log entry is not signed by the log"),
        attack(
            "timestamp of another signature",
            BUNDLES::proven,
            _ -> {},
            signing -> signing.timestamps.add(SIGSTORE.timestamp(new byte[1], Signing.SIGNED)),
            "its timestamp is of another signature"),
        attack(
            "timestamp of an unknown authority",
            BUNDLES::proven,
            _ -> {},
            signing ->
                signing.timestamps.add(
                    new PrivateSigstore().timestamp(signing.signature, Signing.SIGNED)),
            "its timestamp is by no authority of the trust root"),
        attack(
            "timestamp after the authority's time",
            BUNDLES::proven,
            _ -> {},
            signing ->
                signing.timestamps.add(
                    SIGSTORE.timestamp(
                        signing.signature, PrivateSigstore.NOW.plus(Duration.ofDays(301)))),
            "its timestamp is by no authority of the trust root"),
        attack(
            "timestamp with bytes behind it",
            BUNDLES::proven,
            _ -> {},
            signing -> {
              var timestamp = SIGSTORE.timestamp(signing.signature, Signing.SIGNED);
              signing.timestamps.add(Arrays.copyOf(timestamp, timestamp.length + 1));
            },
            "its timestamp"),
        attack(
            "timestamp that is none",
            BUNDLES::proven,
            _ -> {},
            signing -> signing.timestamps.add(new byte[] {0x30, 0}),
            "its timestamp cannot be read"),
        attack(
            "checkpoint of another log under the same key",
            BUNDLES::secondGeneration,
            _ -> {},
            signing ->
                signing.proof = () -> MerkleLog.proofOf(SIGSTORE.logV2, signing.body, "other.test"),
            "the checkpoint of its inclusion proof is not signed by the log"),
        attack(
            "entry of the second generation of another signature",
            BUNDLES::secondGeneration,
            _ -> {},
            signing -> signing.body = BUNDLES.secondGeneration().body,
            "its log entry is of another signature"));
  }

  private static Arguments attack(
      String name,
      Supplier<Signing> start,
      Consumer<Signing> before,
      Consumer<Signing> after,
      String why) {
    return Arguments.of(Named.of(name, start), before, after, why);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void refuses(
      Supplier<Signing> start, Consumer<Signing> before, Consumer<Signing> after, String why) {
    var signing = start.get();
    before.accept(signing);
    if (signing.payload.length == 0 || !signing.manifest.equals(Signing.MANIFEST)) {
      signing.signEnvelope();
    }
    after.accept(signing);
    var rule = signing.certificate.isPresent() ? BY_OWNER : signing.key.rule();
    var failure = Outcomes.failure(JUDGE.judge(rule, signing.envelope()));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message()).contains("found: bundle 1: " + why);
  }

  static Stream<Arguments> garbled() {
    return Stream.of(
        change("version", "bundle.v0.3", "bundle.v0.4", "its bundle is of no version"),
        change(
            "two contents",
            "\"dsseEnvelope\"",
            "\"messageSignature\":{},\"dsseEnvelope\"",
            "its bundle must have either an envelope or a message signature"),
        change(
            "no content",
            "\"dsseEnvelope\"",
            "\"other\"",
            "its bundle must have either an envelope or a message signature"),
        change(
            "two values under one name",
            "{\"dsseEnvelope\"",
            "{\"mediaType\":\"\",\"dsseEnvelope\"",
            "its bundle is no JSON, or has a name twice"),
        change(
            "two signatures",
            "\"signatures\":[",
            "\"signatures\":[{\"sig\":\"\"},",
            "its bundle.dsseEnvelope.signatures has more than 1 entries"),
        change(
            "no base64",
            "\"sig\":\"",
            "\"sig\":\"_",
            "its bundle.dsseEnvelope.signatures[0].sig is not base64"),
        change(
            "no certificate",
            "\"rawBytes\":\"MI",
            "\"rawBytes\":\"MA",
            "its certificate cannot be read"),
        change(
            "negative time",
            "\"integratedTime\":\"",
            "\"integratedTime\":\"-",
            "is not a number that is not negative"),
        change(
            "endless time",
            "\"integratedTime\":\"",
            "\"integratedTime\":\"99999999999999999999",
            "is not a number of 64 bits"),
        change(
            "impossible time",
            "\"integratedTime\":\"",
            "\"integratedTime\":\"99999999",
            "the promise (SET) of its log entry is not signed by the log"));
  }

  private static Arguments change(String name, String text, String changed, String why) {
    UnaryOperator<String> change = json -> json.replace(text, changed);
    return Arguments.of(Named.of(name, change), why);
  }

  @ParameterizedTest
  @MethodSource("garbled")
  void refusesWhatIsGarbled(UnaryOperator<String> change, String why) {
    var json = Bundles.json(BUNDLES.keyless().signEnvelope());
    var changed = change.apply(json);
    assertThat(changed).isNotEqualTo(json);
    assertThat(Outcomes.failure(JUDGE.judge(BY_OWNER, Bundles.stored(changed))).message())
        .contains(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "{} {}"})
  void refusesWhatIsNoBundle(String json) {
    assertThat(Outcomes.failure(JUDGE.judge(BY_OWNER, Bundles.stored(json))).reason())
        .isEqualTo(Reason.SignatureRejected);
  }
}
