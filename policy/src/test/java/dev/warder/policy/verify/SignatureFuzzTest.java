package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
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
 * nothing that was changed passes as a signature. The system property {@code warder.fuzz.inputs}
 * says how many inputs each property makes: {@code -Dwarder.fuzz.inputs=1000000}.
 */
final class SignatureFuzzTest {
  private static final int TRIES = 100;
  private static final int INPUTS = Integer.getInteger("warder.fuzz.inputs", 5_000);

  /** Judging one takes several signatures to be verified. */
  private static final int SLOW_INPUTS_SHARE = 10;

  private static final int MAX_CHANGES = 4;
  private static final byte[] TOKENS =
      "{}[]\",:\\\n\0-—*&!|>0129e.AZaz/+=é".getBytes(StandardCharsets.UTF_8);

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

  @Property(tries = TRIES)
  void configs(@ForAll long seed) {
    fuzz(
        seed,
        INPUTS,
        utf8(CONFIG),
        bytes -> VerificationConfig.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  @Property(tries = TRIES)
  void trustRoots(@ForAll long seed) {
    fuzz(seed, INPUTS, Json.bytes(SIGSTORE.trustedRoot()), TrustRoot::parse);
  }

  @Property(tries = TRIES)
  void storedMaterial(@ForAll long seed) {
    var material = new SignatureMaterial("name", List.of(keyless().signLayer().layer()), List.of());
    fuzz(seed, INPUTS, material.toJson(), SignatureMaterial::parse);
  }

  @Property(tries = TRIES)
  void manifests(@ForAll long seed) {
    var layer =
        Json.descriptor(
            MapRepository.SIMPLE_SIGNING, Signing.MANIFEST, 1, keyless().signLayer().annotations());
    fuzz(
        seed,
        INPUTS,
        utf8(Json.manifest(List.of(layer, layer))),
        bytes -> {
          try {
            return Outcome.done(SignatureManifest.layers(new RawManifest(bytes, "", "it")));
          } catch (UnverifiedException e) {
            return Outcome.failed(Reason.SignatureRejected, e.why());
          }
        });
  }

  @Property(tries = TRIES)
  void layers(@ForAll long seed) {
    var signing = keyless().signLayer();
    signing.timestamps.add(SIGSTORE.timestamp(signing.signature, Signing.SIGNED));
    var random = new Random(seed);
    for (int i = 0; i < inputs(INPUTS / SLOW_INPUTS_SHARE); i++) {
      var layer = signing.layer();
      var annotations = new TreeMap<>(layer.annotations());
      var all = new ArrayList<>(annotations.entrySet());
      var one = all.get(random.nextInt(all.size()));
      one.setValue(new String(changed(utf8(one.getValue()), random), StandardCharsets.ISO_8859_1));
      checkJudgement(
          new StoredSignature(layer.format(), layer.origin(), layer.content(), annotations));
    }
  }

  @Property(tries = TRIES)
  void payloads(@ForAll long seed) {
    var random = new Random(seed);
    var signing = Signing.keyed();
    signing.key = KEY;
    signing.signLayer();
    var payload = signing.payload;
    for (int i = 0; i < inputs(INPUTS / SLOW_INPUTS_SHARE); i++) {
      signing.payload = changed(payload, random);
      // The signer is the attacker here.
      signing.signature = KEY.sign(signing.payload);
      checkJudgement(signing.layer());
    }
  }

  @Property(tries = TRIES)
  void bundles(@ForAll long seed) {
    var random = new Random(seed);
    var signing = keyless().signEnvelope();
    signing.timestamps.add(SIGSTORE.timestamp(signing.signature, Signing.SIGNED));
    var bundle = signing.envelope();
    var json = Bytes.ofBase64(bundle.content()).orElseThrow().array();
    for (int i = 0; i < inputs(INPUTS / SLOW_INPUTS_SHARE); i++) {
      checkJudgement(
          new StoredSignature(
              bundle.format(),
              bundle.origin(),
              PrivateSigstore.base64(changed(json, random)),
              bundle.annotations()));
    }
  }

  /** Parts that are binary are changed inside of the texts that hold them. */
  @Property(tries = TRIES)
  void binaryParts(@ForAll long seed) {
    var random = new Random(seed);
    var certificate = SIGSTORE.certify(SIGSTORE.workflow("kubewarden/policies"), KEY);
    var timestamp = SIGSTORE.timestamp(new byte[8], Signing.SIGNED);
    for (int i = 0; i < inputs(INPUTS / SLOW_INPUTS_SHARE); i++) {
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
      check(() -> EntryBody.parse(new Bytes(changed(BODY, random))));
      check(
          () ->
              Checkpoint.parse(
                  new String(
                      changed(utf8("log.test\n1\nAAAA\n\n— log.test AAAAAAAA\n"), random),
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

  private static void fuzz(
      long seed, int inputs, byte[] start, Function<byte[], Outcome<?>> parser) {
    var random = new Random(seed);
    for (int i = 0; i < inputs(inputs); i++) {
      if (parser.apply(changed(start, random)) instanceof Outcome.Failed<?>(var failure)) {
        assertThat(failure.message()).isNotBlank().doesNotContain("\n");
      }
    }
  }

  private static int inputs(int all) {
    return Math.max(1, all / TRIES);
  }

  /** Bytes of the grammar in other places, parts doubled, moved and cut. */
  private static byte[] changed(byte[] text, Random random) {
    var bytes = text.clone();
    for (int changes = 1 + random.nextInt(MAX_CHANGES); changes > 0; changes--) {
      var at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = TOKENS[random.nextInt(TOKENS.length)];
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = doubled(bytes, at, random.nextInt(bytes.length - at));
        case 3 -> bytes = without(bytes, at, random.nextInt(1 + Math.min(40, bytes.length - at)));
        default ->
            System.arraycopy(
                bytes, at, bytes, random.nextInt(at + 1), random.nextInt(bytes.length - at));
      }
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return bytes;
  }

  private static byte[] changedDer(byte[] der, Random random) {
    var bytes = der.clone();
    for (int changes = 1 + random.nextInt(MAX_CHANGES); changes > 0; changes--) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean() ? (byte) random.nextInt() : bytes[random.nextInt(bytes.length)];
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 9)) : bytes;
  }

  private static byte[] doubled(byte[] bytes, int at, int length) {
    var doubled = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(bytes, at, doubled, at + length, bytes.length - at);
    return doubled;
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    var rest = Arrays.copyOf(bytes, bytes.length - length);
    System.arraycopy(bytes, at + length, rest, at, bytes.length - length - at);
    return rest;
  }

  private static Signing keyless() {
    return Signing.keyless(SIGSTORE, SIGSTORE.workflow("kubewarden/policies"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
