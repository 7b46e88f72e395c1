package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sigstore bundles, made with keys and with certificates of a private instance of Sigstore. */
final class BundleTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final Bundles BUNDLES = new Bundles(SIGSTORE);
  private static final Judge JUDGE = new Judge(SIGSTORE.trust());
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
    assertThat(Outcomes.value(JUDGE.judge(rule, signing.signEnvelope().envelope())).signers())
        .extracting(Signer::format)
        .containsExactly("bundle with DSSE envelope");
  }

  @Test
  void acceptsMessagesOfKeys() {
    for (var key : List.of(SigningKey.p256(), SigningKey.rsa(2048))) {
      var signing = Signing.keyed();
      signing.key = key;
      assertThat(
              Outcomes.value(JUDGE.judge(key.rule(), signing.signManifest(CONTENT).message()))
                  .signers())
          .extracting(Signer::format)
          .containsExactly("bundle with message signature");
    }
  }

  @Test
  void acceptsMessagesOfCertificates() {
    var signing = BUNDLES.keyless();
    assertThat(
            Outcomes.value(
                JUDGE.judge(
                    "{kind: githubAction, owner: kubewarden}",
                    signing.signManifest(CONTENT).message())))
        .isNotNull();
  }

  @Test
  void acceptsPromisesWithProofs() {
    var signer =
        Outcomes.value(JUDGE.judge(BY_OWNER, BUNDLES.keyless().signEnvelope().envelope()))
            .signers()
            .getFirst();
    assertThat(signer.signedAt()).contains(Signing.SIGNED);
  }

  @Test
  void acceptsPromisesInTheFirstVersion() {
    var signing = BUNDLES.keyless().signEnvelope();
    signing.proven = false;
    assertThat(Outcomes.failure(JUDGE.judge(BY_OWNER, signing.envelope())).message())
        .contains("its log entry has no inclusion proof");
    assertThat(Outcomes.value(JUDGE.judge(BY_OWNER, first(signing)))).isNotNull();
    signing.promised = false;
    assertThat(Outcomes.failure(JUDGE.judge(BY_OWNER, first(signing))).message())
        .contains("its log entry has neither a promise (SET) nor an inclusion proof");
  }

  private static StoredSignature first(Signing signing) {
    return Bundles.stored(Bundles.json(signing).replace(".v0.3+json", "+json;version=0.1"));
  }

  @Test
  void acceptsProofsWithTimestamps() {
    var time = Signing.SIGNED.plus(Duration.ofMinutes(2));
    var signing = BUNDLES.proven();
    signing.timestamps.add(SIGSTORE.timestamp(signing.signature, time));
    assertThat(
            Outcomes.value(JUDGE.judge(BY_OWNER, signing.envelope()))
                .signers()
                .getFirst()
                .signedAt())
        .contains(time);
  }

  @Test
  void acceptsTheSecondGenerationOfLogs() {
    for (var kind : List.of("hashedrekord", "dsse")) {
      var signing = BUNDLES.secondGeneration();
      signing.body = kind.equals("dsse") ? Bundles.dsseV2(signing) : signing.body;
      assertThat(Outcomes.value(JUDGE.judge(BY_OWNER, signing.envelope()))).isNotNull();
    }
  }

  @Test
  void acceptsTheKindInToto() {
    var signing = BUNDLES.keyless().signEnvelope();
    signing.body = Bundles.inToto(signing);
    assertThat(Outcomes.value(JUDGE.judge(BY_OWNER, signing.inLog().envelope()))).isNotNull();
  }

  @Test
  void acceptsAPromiseWithATimestampOfAnUnknownAuthority() {
    var signing = BUNDLES.keyless().signEnvelope();
    signing.timestamps.add(new PrivateSigstore().timestamp(signing.signature, Signing.SIGNED));
    assertThat(Outcomes.value(JUDGE.judge(BY_OWNER, signing.envelope()))).isNotNull();
  }

  @Test
  void refusesAMessageOfAnotherDigest() {
    var signing = Signing.keyed().signManifest("other".getBytes(StandardCharsets.UTF_8));
    assertThat(Outcomes.failure(JUDGE.judge(signing.key.rule(), signing.message())).message())
        .contains("it is the signature of another digest");
    signing.payload = HashAlgorithm.SHA_256.of(CONTENT).array();
    assertThat(Outcomes.failure(JUDGE.judge(signing.key.rule(), signing.message())).message())
        .contains("it is by a key that no rule names, or its content was changed");
  }

  @Test
  void refusesABundleWhereTheRepositoryIsAsked() {
    var signing = Signing.keyed().signEnvelope();
    var failure =
        Outcomes.failure(
            JUDGE
                .policy(signing.key.rule())
                .forRepository(MapRepository.NAME)
                .judge(Judge.material(signing.envelope()), Signing.MANIFEST, PrivateSigstore.NOW));
    assertThat(failure.message()).contains("it does not tell the repository that was signed");
  }

  @Test
  void goesFromTheRegistryToTheSigner() {
    var repository = new MapRepository();
    var good = BUNDLES.keyless().signEnvelope();
    repository.pushBundle(Signing.MANIFEST, "{}".getBytes(StandardCharsets.UTF_8));
    repository.pushBundle(
        Signing.MANIFEST, Bytes.ofBase64(good.envelope().content()).orElseThrow().array());
    var material = Outcomes.value(SignatureReader.read(repository, Signing.MANIFEST));
    assertThat(material.signatures()).hasSize(2);
    assertThat(
            Outcomes.value(
                    JUDGE
                        .policy(BY_OWNER)
                        .judge(
                            Outcomes.value(SignatureMaterial.parse(material.toJson())),
                            Signing.MANIFEST,
                            PrivateSigstore.NOW))
                .signers())
        .hasSize(1);
  }
}
