package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.testing.Fuzz;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever is given as a config, a trust root or a signature, a value or a failure comes out, and
 * nothing that was changed passes as a signature.
 */
final class SignatureFuzzTest {
  /** Judging one takes several signatures to be verified. */
  private static final int SLOW = 10;

  private static final int MAX_CHANGES = 4;

  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final TrustRoot TRUST = SIGSTORE.trust();
  private static final SigningKey KEY = SigningKey.p256();
  private static final byte[] BODY = Signing.keyed().signLayer().body;
  private static final String CONFIG =
      """
      apiVersion: v1
      allOf:
        - kind: githubAction
          owner: kubewarden
          annotations: {env: prod}
        - &any {kind: genericIssuer, issuer: i, subject: {urlPrefix: "https://host.test"}}
      anyOf:
        minimumMatches: 1
        signatures: [*any, %s]
      """
          .formatted(KEY.rule());
  private static final SignaturePolicy POLICY =
      new SignaturePolicy(
          Outcomes.value(
              VerificationConfig.parse(
                  "anyOf: {signatures: [{kind: githubAction, owner: kubewarden}, %s]}"
                      .formatted(KEY.rule()))),
          Optional.of(TRUST));

  @Property(tries = Fuzz.TRIES)
  void configs(@ForAll long seed) {
    fuzz(
        seed,
        utf8(CONFIG),
        bytes -> VerificationConfig.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  @Property(tries = Fuzz.TRIES)
  void trustRoots(@ForAll long seed) {
    fuzz(seed, Json.bytes(SIGSTORE.trustedRoot()), TrustRoot::parse);
  }

  @Property(tries = Fuzz.TRIES)
  void storedMaterial(@ForAll long seed) {
    var material = new SignatureMaterial("name", List.of(keyless().signLayer().layer()), List.of());
    fuzz(seed, material.toJson(), SignatureMaterial::parse);
  }

  @Property(tries = Fuzz.TRIES)
  void manifests(@ForAll long seed) {
    var layer =
        Json.descriptor(
            MapRepository.SIMPLE_SIGNING, Signing.MANIFEST, 1, keyless().signLayer().annotations());
    fuzz(
        seed,
        utf8(Json.manifest(List.of(layer, layer))),
        bytes -> {
          try {
            return Outcome.done(SignatureManifest.layers(new RawManifest(bytes, "", "it")));
          } catch (UnverifiedException e) {
            return Outcome.failed(Reason.SignatureRejected, e.why());
          }
        });
  }

  @Property(tries = Fuzz.TRIES)
  void layers(@ForAll long seed) {
    var signing = keyless().signLayer();
    signing.timestamps.add(SIGSTORE.timestamp(signing.signature, Signing.SIGNED));
    var random = new Random(seed);
    for (int i = 0; i < Fuzz.share(SLOW); i++) {
      var layer = signing.layer();
      var annotations = new TreeMap<>(layer.annotations());
      var all = new ArrayList<>(annotations.entrySet());
      var one = all.get(random.nextInt(all.size()));
      one.setValue(
          new String(Fuzz.changed(utf8(one.getValue()), random), StandardCharsets.ISO_8859_1));
      checkJudgement(
          new StoredSignature(layer.format(), layer.origin(), layer.content(), annotations));
    }
  }

  @Property(tries = Fuzz.TRIES)
  void payloads(@ForAll long seed) {
    var random = new Random(seed);
    var signing = Signing.keyed();
    signing.key = KEY;
    signing.signLayer();
    var payload = signing.payload;
    for (int i = 0; i < Fuzz.share(SLOW); i++) {
      signing.payload = Fuzz.changed(payload, random);
      // The signer is the attacker here.
      signing.signature = KEY.sign(signing.payload);
      checkJudgement(signing.layer());
    }
  }

  @Property(tries = Fuzz.TRIES)
  void bundles(@ForAll long seed) {
    var random = new Random(seed);
    var signing = keyless().signEnvelope();
    signing.timestamps.add(SIGSTORE.timestamp(signing.signature, Signing.SIGNED));
    var bundle = signing.envelope();
    var json = Bytes.ofBase64(bundle.content()).orElseThrow().array();
    for (int i = 0; i < Fuzz.share(SLOW); i++) {
      checkJudgement(
          new StoredSignature(
              bundle.format(),
              bundle.origin(),
              PrivateSigstore.base64(Fuzz.changed(json, random)),
              bundle.annotations()));
    }
  }

  /** Parts that are binary are changed inside of the texts that hold them. */
  @Property(tries = Fuzz.TRIES)
  void binaryParts(@ForAll long seed) {
    var random = new Random(seed);
    var certificate = SIGSTORE.certify(SIGSTORE.workflow("kubewarden/policies"), KEY);
    var timestamp = SIGSTORE.timestamp(new byte[8], Signing.SIGNED);
    for (int i = 0; i < Fuzz.share(SLOW); i++) {
      var der = new Bytes(changedDer(Certificates.der(certificate).array(), random));
      Certificates.ofDer(der)
          .ifPresent(
              changed -> {
                check(() -> CertificateIdentity.of(changed));
                check(
                    () ->
                        CertificateTimestamps.requireLogged(
                            changed, certificate, TRUST.certificateLogs()));
              });
      check(
          () ->
              new SignedTimestamp(new Bytes(changedDer(timestamp, random)))
                  .of(new Bytes(new byte[8]), TRUST.timestampAuthorities()));
      check(() -> EntryBody.parse(new Bytes(Fuzz.changed(BODY, random))));
      check(
          () ->
              Checkpoint.parse(
                  new String(
                      Fuzz.changed(utf8("log.test\n1\nAAAA\n\n— log.test AAAAAAAA\n"), random),
                      StandardCharsets.UTF_8)));
    }
  }

  private interface Step {
    void run() throws UnverifiedException;
  }

  private static void check(Step step) {
    try {
      step.run();
    } catch (UnverifiedException e) {
      assertThat(e.why()).isNotBlank();
    }
  }

  private static void checkJudgement(StoredSignature signature) {
    var judgement =
        POLICY.judge(
            new SignatureMaterial("name", List.of(signature), List.of()),
            Signing.MANIFEST,
            PrivateSigstore.NOW);
    if (judgement instanceof Outcome.Failed<Verification>(var failure)) {
      assertThat(failure.message()).startsWith("Image verification failed").doesNotContain("\n");
    }
  }

  private static void fuzz(long seed, byte[] start, Function<byte[], Outcome<?>> parser) {
    Fuzz.changed(
        seed,
        start,
        changed -> {
          if (parser.apply(changed) instanceof Outcome.Failed<?>(var failure)) {
            assertThat(failure.message()).isNotBlank().doesNotContain("\n");
          }
        });
  }

  private static byte[] changedDer(byte[] der, Random random) {
    var bytes = der.clone();
    for (int changes = 1 + random.nextInt(MAX_CHANGES); changes > 0; changes--) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean() ? (byte) random.nextInt() : bytes[random.nextInt(bytes.length)];
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 9)) : bytes;
  }

  private static Signing keyless() {
    return Signing.keyless(SIGSTORE, SIGSTORE.workflow("kubewarden/policies"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
