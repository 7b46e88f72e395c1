package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigstore.KeylessVerificationException;
import dev.sigstore.KeylessVerifier;
import dev.sigstore.TrustedRootProvider;
import dev.sigstore.VerificationOptions;
import dev.sigstore.bundle.Bundle;
import dev.sigstore.bundle.BundleParseException;
import dev.warder.policy.Outcome;
import dev.warder.policy.testing.Outcomes;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sigstore's own library judges the bundles of these tests as Warder does. */
final class SecondJudgeTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final byte[] CONTENT = "manifest".getBytes(StandardCharsets.UTF_8);
  private static final SignaturePolicy POLICY =
      new SignaturePolicy(
          Outcomes.value(
              VerificationConfig.parse("allOf: [{kind: githubAction, owner: kubewarden}]")),
          Optional.of(SIGSTORE.trust()));

  @TempDir Path directory;

  static Stream<Arguments> bundles() {
    return Stream.of(
        signing("right", true, _ -> {}),
        signing("swapped payload", false, signing -> signing.payload = new byte[32]),
        signing(
            "signature by another key",
            false,
            signing -> signing.signature = SigningKey.p256().sign(CONTENT)),
        signing(
            "promise by another log",
            false,
            signing ->
                signing.promise =
                    PrivateSigstore.promise(SigningKey.p256(), signing.body, signing.logged, 7)),
        signing(
            "proof of another log",
            false,
            signing -> signing.proof = () -> MerkleLog.proofOf(SigningKey.p256(), signing.body)),
        signing(
            "proof of another body",
            false,
            signing -> signing.proof = () -> MerkleLog.proofOf(SIGSTORE.log, new byte[] {1})),
        signing(
            "entry of another signature",
            false,
            signing -> {
              signing.body = keyless().signEnvelope().body;
              signing.inLog();
            }),
        signing(
            "certificate of another instance",
            false,
            signing ->
                signing.certificate =
                    Optional.of(
                        new PrivateSigstore()
                            .certify(SIGSTORE.workflow("kubewarden/policies"), signing.key))));
  }

  private static Arguments signing(String name, boolean right, Consumer<Signing> change) {
    return Arguments.of(Named.of(name, change), right);
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void judgesEnvelopes(Consumer<Signing> change, boolean right) throws Exception {
    var signing = keyless();
    signing.subjectName = Optional.of(MapRepository.NAME);
    signing.signEnvelope();
    change.accept(signing);
    assertJudged(signing.envelope(), right);
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void judgesMessages(Consumer<Signing> change, boolean right) throws Exception {
    var signing = keyless().signManifest(CONTENT);
    change.accept(signing);
    assertJudged(signing.message(), right);
  }

  private void assertJudged(StoredSignature bundle, boolean right) throws Exception {
    var root =
        Files.write(directory.resolve("trusted_root.json"), Json.bytes(SIGSTORE.trustedRoot()));
    var other =
        KeylessVerifier.builder().trustedRootProvider(TrustedRootProvider.from(root)).build();
    var json =
        new String(Bytes.ofBase64(bundle.content()).orElseThrow().array(), StandardCharsets.UTF_8);
    assertThat(accepts(other, json)).as("Sigstore's library").isEqualTo(right);
    var judgement =
        POLICY.judge(
            new SignatureMaterial(MapRepository.NAME, List.of(bundle), List.of()),
            Signing.MANIFEST,
            PrivateSigstore.NOW);
    assertThat(judgement instanceof Outcome.Done<Verification>)
        .as("%s", judgement)
        .isEqualTo(right);
  }

  private static boolean accepts(KeylessVerifier verifier, String json) {
    try {
      verifier.verify(
          HexFormat.of().parseHex(Signing.MANIFEST.hex()),
          Bundle.from(new StringReader(json)),
          VerificationOptions.empty());
      return true;
    } catch (BundleParseException | KeylessVerificationException _) {
      return false;
    }
  }

  private static Signing keyless() {
    return Signing.keyless(SIGSTORE, SIGSTORE.workflow("kubewarden/policies"));
  }
}
