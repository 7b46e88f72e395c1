package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.StoredSignature.Format;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sigstore bundles, made with keys and with certificates of a private instance of Sigstore. */
final class BundleTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final byte[] CONTENT = "manifest".getBytes(StandardCharsets.UTF_8);
  private static final String BY_OWNER =
      "{kind: githubAction, owner: kubewarden, annotations: {env: prod}}";

  static Stream<SigningKey> keys() {
    return Stream.of(
        SigningKey.p256(), SigningKey.p384(), SigningKey.ed25519(), SigningKey.rsa(2048));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void acceptsEnvelopesOfKeys(SigningKey key) {
    var signing = Signing.keyed();
    signing.key = key;
    var rule = key.rule().replace("}", ", annotations: {env: prod, build: \"42\"}}");
    assertThat(Outcomes.value(judge(rule, signing.signEnvelope().envelope())).signers())
        .extracting(Signer::format)
        .containsExactly("bundle with DSSE envelope");
  }

  @Test
  void acceptsMessagesOfKeys() {
    for (var key : List.of(SigningKey.p256(), SigningKey.rsa(2048))) {
      var signing = Signing.keyed();
      signing.key = key;
      assertThat(
              Outcomes.value(judge(key.rule(), signing.signManifest(CONTENT).message())).signers())
          .extracting(Signer::format)
          .containsExactly("bundle with message signature");
    }
  }

  @Test
  void acceptsMessagesOfCertificates() {
    var signing = keyless();
    assertThat(
            Outcomes.value(
                judge(
                    "{kind: githubAction, owner: kubewarden}",
                    signing.signManifest(CONTENT).message())))
        .isNotNull();
  }

  @Test
  void acceptsPromisesWithProofs() {
    var signer =
        Outcomes.value(judge(BY_OWNER, keyless().signEnvelope().envelope())).signers().getFirst();
    assertThat(signer.signedAt()).contains(Signing.SIGNED);
  }

  @Test
  void acceptsPromisesInTheFirstVersion() {
    var signing = keyless().signEnvelope();
    signing.proven = false;
    assertThat(Outcomes.failure(judge(BY_OWNER, signing.envelope())).message())
        .contains("its log entry has no inclusion proof");
    assertThat(Outcomes.value(judge(BY_OWNER, first(signing)))).isNotNull();
    signing.promised = false;
    assertThat(Outcomes.failure(judge(BY_OWNER, first(signing))).message())
        .contains("its log entry has neither a promise (SET) nor an inclusion proof");
  }

  private static StoredSignature first(Signing signing) {
    return stored(json(signing).replace(".v0.3+json", "+json;version=0.1"));
  }

  @Test
  void acceptsProofsWithTimestamps() {
    var time = Signing.SIGNED.plus(Duration.ofMinutes(2));
    var signing = proven();
    signing.timestamps.add(SIGSTORE.timestamp(signing.signature, time));
    assertThat(Outcomes.value(judge(BY_OWNER, signing.envelope())).signers().getFirst().signedAt())
        .contains(time);
  }

  @Test
  void acceptsTheSecondGenerationOfLogs() {
    for (var kind : List.of("hashedrekord", "dsse")) {
      var signing = secondGeneration();
      signing.body = kind.equals("dsse") ? dsseV2(signing) : signing.body;
      assertThat(Outcomes.value(judge(BY_OWNER, signing.envelope()))).isNotNull();
    }
  }

  @Test
  void acceptsTheKindInToto() {
    var signing = keyless().signEnvelope();
    signing.body = inToto(signing);
    assertThat(Outcomes.value(judge(BY_OWNER, signing.inLog().envelope()))).isNotNull();
  }

  @Test
  void acceptsAPromiseWithATimestampOfAnUnknownAuthority() {
    var signing = keyless().signEnvelope();
    signing.timestamps.add(new PrivateSigstore().timestamp(signing.signature, Signing.SIGNED));
    assertThat(Outcomes.value(judge(BY_OWNER, signing.envelope()))).isNotNull();
  }

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
            BundleTest::proven,
            _ -> {},
            signing -> signing.proof = () -> MerkleLog.proofOf(signing.log.get(), new byte[1]),
            "its inclusion proof does not lead to the root of the log"),
        attack(
            "proof by another log",
            BundleTest::proven,
            _ -> {},
            signing -> signing.proof = () -> MerkleLog.proofOf(SigningKey.p256(), signing.body),
            "the checkpoint of its inclusion proof is not signed by the log"),
        attack(
            "proof without a time",
            BundleTest::proven,
            _ -> {},
            _ -> {},
            "nobody that the trust root knows tells when it was signed"),
        attack(
            "time that nobody signed",
            BundleTest::proven,
            _ -> {},
            signing -> {
              signing.promised = true;
              signing.promise = new byte[8];
            },
            "the promise (SET) of its log entry is not signed by the log"),
        attack(
            "timestamp of another signature",
            BundleTest::proven,
            _ -> {},
            signing -> signing.timestamps.add(SIGSTORE.timestamp(new byte[1], Signing.SIGNED)),
            "its timestamp is of another signature"),
        attack(
            "timestamp of an unknown authority",
            BundleTest::proven,
            _ -> {},
            signing ->
                signing.timestamps.add(
                    new PrivateSigstore().timestamp(signing.signature, Signing.SIGNED)),
            "its timestamp is by no authority of the trust root"),
        attack(
            "timestamp after the authority's time",
            BundleTest::proven,
            _ -> {},
            signing ->
                signing.timestamps.add(
                    SIGSTORE.timestamp(
                        signing.signature, PrivateSigstore.NOW.plus(Duration.ofDays(301)))),
            "its timestamp is by no authority of the trust root"),
        attack(
            "timestamp with bytes behind it",
            BundleTest::proven,
            _ -> {},
            signing -> {
              var timestamp = SIGSTORE.timestamp(signing.signature, Signing.SIGNED);
              signing.timestamps.add(Arrays.copyOf(timestamp, timestamp.length + 1));
            },
            "its timestamp"),
        attack(
            "timestamp that is none",
            BundleTest::proven,
            _ -> {},
            signing -> signing.timestamps.add(new byte[] {0x30, 0}),
            "its timestamp cannot be read"),
        attack(
            "checkpoint of another log under the same key",
            BundleTest::secondGeneration,
            _ -> {},
            signing ->
                signing.proof = () -> MerkleLog.proofOf(SIGSTORE.logV2, signing.body, "other.test"),
            "the checkpoint of its inclusion proof is not signed by the log"),
        attack(
            "entry of the second generation of another signature",
            BundleTest::secondGeneration,
            _ -> {},
            signing -> signing.body = secondGeneration().body,
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
    var failure = Outcomes.failure(judge(rule, signing.envelope()));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message()).contains("found: bundle 1: " + why);
  }

  @Test
  void refusesAMessageOfAnotherDigest() {
    var signing = Signing.keyed().signManifest("other".getBytes(StandardCharsets.UTF_8));
    assertThat(Outcomes.failure(judge(signing.key.rule(), signing.message())).message())
        .contains("it is the signature of another digest");
    signing.payload = HashAlgorithm.SHA_256.of(CONTENT).array();
    assertThat(Outcomes.failure(judge(signing.key.rule(), signing.message())).message())
        .contains("it is by a key that no rule names, or its content was changed");
  }

  @Test
  void refusesABundleWhereTheRepositoryIsAsked() {
    var signing = Signing.keyed().signEnvelope();
    var failure =
        Outcomes.failure(
            policy(signing.key.rule())
                .forRepository(MapRepository.NAME)
                .judge(material(signing.envelope()), Signing.MANIFEST, PrivateSigstore.NOW));
    assertThat(failure.message()).contains("it does not tell the repository that was signed");
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
    var json = json(keyless().signEnvelope());
    var changed = change.apply(json);
    assertThat(changed).isNotEqualTo(json);
    assertThat(Outcomes.failure(judge(BY_OWNER, stored(changed))).message()).contains(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "{} {}"})
  void refusesWhatIsNoBundle(String json) {
    assertThat(Outcomes.failure(judge(BY_OWNER, stored(json))).reason())
        .isEqualTo(Reason.SignatureRejected);
  }

  @Test
  void goesFromTheRegistryToTheSigner() {
    var repository = new MapRepository();
    var good = keyless().signEnvelope();
    repository.pushBundle(Signing.MANIFEST, "{}".getBytes(StandardCharsets.UTF_8));
    repository.pushBundle(
        Signing.MANIFEST, Bytes.ofBase64(good.envelope().content()).orElseThrow().array());
    var material = Outcomes.value(SignatureReader.read(repository, Signing.MANIFEST));
    assertThat(material.signatures()).hasSize(2);
    assertThat(
            Outcomes.value(
                    policy(BY_OWNER)
                        .judge(
                            Outcomes.value(SignatureMaterial.parse(material.toJson())),
                            Signing.MANIFEST,
                            PrivateSigstore.NOW))
                .signers())
        .hasSize(1);
  }

  /** A bundle whose log tells no time: there is a proof, but no promise. */
  private static Signing proven() {
    var signing = keyless().signEnvelope();
    signing.promised = false;
    return signing;
  }

  private static Signing secondGeneration() {
    var signing = proven();
    signing.log = Optional.of(SIGSTORE.logV2);
    signing.timestamps.add(SIGSTORE.timestamp(signing.signature, Signing.SIGNED));
    signing.body =
        Signing.entry(
            "hashedrekord",
            "0.0.2",
            Map.of(
                "hashedRekordV002",
                Map.of(
                    "data",
                    Map.of(
                        "algorithm",
                        "SHA2_256",
                        "digest",
                        HashAlgorithm.SHA_256.of(signing.preAuthenticated()).base64()),
                    "signature",
                    signatureV2(signing))));
    signing.proof =
        () -> MerkleLog.proofOf(SIGSTORE.logV2, signing.body, "v2." + PrivateSigstore.HOST);
    return signing;
  }

  private static byte[] dsseV2(Signing signing) {
    return Signing.entry(
        "dsse",
        "0.0.2",
        Map.of(
            "dsseV002",
            Map.of(
                "payloadHash",
                Map.of(
                    "algorithm",
                    "SHA2_256",
                    "digest",
                    HashAlgorithm.SHA_256.of(signing.payload).base64()),
                "signatures",
                List.of(signatureV2(signing)))));
  }

  private static Map<String, Object> signatureV2(Signing signing) {
    return Map.of(
        "content",
        PrivateSigstore.base64(signing.signature),
        "verifier",
        Map.of(
            "keyDetails",
            "PKIX_ECDSA_P256_SHA_256",
            "x509Certificate",
            Map.of("rawBytes", Certificates.der(signing.certificate.orElseThrow()).base64())));
  }

  private static byte[] inToto(Signing signing) {
    var twice =
        PrivateSigstore.base64(
            PrivateSigstore.base64(signing.signature).getBytes(StandardCharsets.UTF_8));
    return Signing.entry(
        "intoto",
        "0.0.2",
        Map.of(
            "content",
            Map.of(
                "envelope",
                Map.of(
                    "signatures",
                    List.of(
                        Map.of(
                            "sig",
                            twice,
                            "publicKey",
                            PrivateSigstore.base64(signing.signerPem())))),
                "payloadHash",
                Signing.hash(HashAlgorithm.SHA_256.of(signing.payload).array()))));
  }

  private static Signing keyless() {
    return Signing.keyless(SIGSTORE, SIGSTORE.workflow("kubewarden/policies"));
  }

  private static String json(Signing signing) {
    var bytes = Bytes.ofBase64(signing.envelope().content()).orElseThrow();
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  private static StoredSignature stored(String json) {
    return new StoredSignature(
        Format.BUNDLE,
        "bundle 1",
        PrivateSigstore.base64(json.getBytes(StandardCharsets.UTF_8)),
        new TreeMap<>());
  }

  private static Outcome<Verification> judge(String rule, StoredSignature bundle) {
    return policy(rule).judge(material(bundle), Signing.MANIFEST, PrivateSigstore.NOW);
  }

  private static SignaturePolicy policy(String rule) {
    return new SignaturePolicy(
        Outcomes.value(VerificationConfig.parse("allOf:\n- " + rule)),
        Optional.of(SIGSTORE.trust()));
  }

  private static SignatureMaterial material(StoredSignature bundle) {
    return new SignatureMaterial(MapRepository.NAME, List.of(bundle), List.of());
  }
}
