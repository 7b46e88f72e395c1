package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of simple signing, made with keys. */
final class KeyedSignatureTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();

  static Stream<SigningKey> keys() {
    return Stream.of(
        SigningKey.p256(), SigningKey.p384(), SigningKey.ed25519(), SigningKey.rsa(2048));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void acceptsEachKindOfKey(SigningKey key) {
    var signing = Signing.keyed();
    signing.key = key;
    assertThat(Outcomes.value(judge("{allOf: [%s]}".formatted(key.rule()), signing.signLayer())))
        .isEqualTo(
            new Verification(
                List.of(
                    new Signer(
                        "pubKey key=" + key.verifier().fingerprint(),
                        key.verifier().fingerprint().toString(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "simple signing"))));
  }

  @Test
  void tellsWhenItWasLogged() {
    var signing = Signing.keyed();
    signing.log = Optional.of(SIGSTORE.log);
    assertThat(Outcomes.value(judgeByKey(signing.signLayer())).signers().getFirst().signedAt())
        .contains(Signing.SIGNED);
  }

  @Test
  void ignoresTheLogWithoutATrustRoot() {
    var signing = Signing.keyed();
    signing.log = Optional.of(SigningKey.p256());
    signing.signLayer();
    var config = "{allOf: [%s]}".formatted(signing.key.rule());
    assertThat(
            Outcomes.value(
                new SignaturePolicy(
                        Outcomes.value(VerificationConfig.parse(config)), Optional.empty())
                    .judge(material(signing.layer()), Signing.MANIFEST, PrivateSigstore.NOW)))
        .isNotNull();
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack(
            "signature of another digest",
            signing -> signing.manifest = Digest.of(new byte[0]),
            _ -> {},
            "it is the signature of another digest"),
        attack(
            "type of another tool",
            signing -> signing.type = "atomic container signature",
            _ -> {},
            "its payload is of another type"),
        attack(
            "swapped payload",
            _ -> {},
            signing ->
                signing.payload =
                    new String(signing.payload, StandardCharsets.UTF_8)
                        .replace("prod", "test")
                        .getBytes(StandardCharsets.UTF_8),
            "it is by a key that no rule names, or its content was changed"),
        attack(
            "valid signature by an unlisted key",
            _ -> {},
            signing -> signing.signature = SigningKey.p256().sign(signing.payload),
            "it is by a key that no rule names"),
        attack(
            "trailing byte behind the signature",
            _ -> {},
            signing ->
                signing.signature = Arrays.copyOf(signing.signature, signing.signature.length + 1),
            "it is by a key that no rule names"),
        attack(
            "two values under one name",
            _ -> {},
            signing -> sign(signing, "{\"critical\":{},", "{"),
            "its payload is no JSON, or has a name twice (line 1"),
        attack(
            "bytes behind the payload",
            _ -> {},
            signing -> sign(signing, "", "", "{}"),
            "its payload is no JSON"),
        attack(
            "payload that is no JSON",
            _ -> {},
            signing -> sign(signing, "[", "{"),
            "its payload is no JSON"),
        attack(
            "promise of an unknown log",
            signing -> signing.log = Optional.of(SigningKey.p256()),
            _ -> {},
            "its log entry is by a log that the trust root does not know"),
        attack(
            "promise over another body",
            signing -> signing.log = Optional.of(SIGSTORE.log),
            signing ->
                signing.promise =
                    PrivateSigstore.promise(SIGSTORE.log, new byte[0], signing.logged, 7),
            "the promise (SET) of its log entry is not signed by the log"),
        attack(
            "entry of another signature",
            signing -> signing.log = Optional.of(SIGSTORE.log),
            signing -> {
              var other = Signing.keyed();
              other.key = signing.key;
              other.signLayer();
              signing.body = other.body;
              signing.inLog();
            },
            "its log entry is of another signature"),
        attack(
            "annotation that is not asked for",
            signing -> signing.optional = Map.of("env", "test"),
            _ -> {},
            "its annotation env is not prod"),
        attack(
            "annotation that is no single value",
            signing -> signing.optional = Map.of("env", List.of("prod")),
            _ -> {},
            "its annotation env is not prod"));
  }

  private static void sign(Signing signing, String instead, String start, String... more) {
    var text = new String(signing.payload, StandardCharsets.UTF_8);
    var changed = instead.isEmpty() ? text : instead + text.substring(start.length());
    signing.payload = (changed + String.join("", more)).getBytes(StandardCharsets.UTF_8);
    signing.signature = signing.key.sign(signing.payload);
  }

  private static Arguments attack(
      String name, Consumer<Signing> before, Consumer<Signing> after, String why) {
    return Arguments.of(Named.of(name, before), after, why);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void refuses(Consumer<Signing> before, Consumer<Signing> after, String why) {
    var signing = Signing.keyed();
    before.accept(signing);
    signing.signLayer();
    after.accept(signing);
    var failure = Outcomes.failure(judgeByKey(signing));
    assertRejected(failure);
    assertThat(failure.message()).contains("found: layer 1: " + why);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void neverHidesAGoodSignature(Consumer<Signing> before, Consumer<Signing> after, String why) {
    var bad = Signing.keyed();
    before.accept(bad);
    bad.signLayer();
    after.accept(bad);
    var good = Signing.keyed();
    good.key = bad.key;
    good.signLayer();
    var policy = policy(byKey(good));
    assertThat(
            Outcomes.value(
                policy.judge(
                    material(bad.layer(), good.layer(), bad.layer()),
                    Signing.MANIFEST,
                    PrivateSigstore.NOW)))
        .isNotNull();
  }

  @Test
  void comparesNumbersByTheirText() {
    var signing = Signing.keyed();
    var rule = signing.key.rule().replace("}", ", annotations: {env: prod, build: \"42\"}}");
    assertThat(Outcomes.value(judge("{allOf: [%s]}".formatted(rule), signing.signLayer())))
        .isNotNull();
  }

  @Test
  void missesAnnotationsOfAPayloadWithout() {
    var signing = Signing.keyed();
    signing.optional = NullNode.getInstance();
    assertThat(Outcomes.failure(judgeByKey(signing.signLayer())).message())
        .contains("its annotation env is not prod");
  }

  @Test
  void wantsTheRepositoryIfAsked() {
    var signing = Signing.keyed();
    signing.repository = "registry.test/evil/one:v1";
    signing.signLayer();
    var policy = policy(byKey(signing));
    var failure =
        Outcomes.failure(
            policy
                .forRepository(MapRepository.NAME)
                .judge(material(signing.layer()), Signing.MANIFEST, PrivateSigstore.NOW));
    assertRejected(failure);
    assertThat(failure.message())
        .contains("it is the signature of another repository: registry.test/evil/one");
    assertThat(
            Outcomes.value(
                policy
                    .forRepository("registry.test/evil/one")
                    .judge(material(signing.layer()), Signing.MANIFEST, PrivateSigstore.NOW)))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/a/b, ghcr.io/a/b",
    "ghcr.io/a/b:v1, ghcr.io/a/b",
    "host:5000/a/b, host:5000/a/b",
    "host:5000/a/b:v1@sha256:00, host:5000/a/b",
    "index.docker.io/library/b, docker.io/library/b"
  })
  void knowsTheRepositoryOfAReference(String reference, String repository) {
    var signing = Signing.keyed();
    signing.repository = reference;
    signing.signLayer();
    assertThat(
            Outcomes.value(
                policy(byKey(signing))
                    .forRepository(repository)
                    .judge(material(signing.layer()), Signing.MANIFEST, PrivateSigstore.NOW)))
        .isNotNull();
  }

  @Test
  void wantsAllOfAllRules() {
    var signing = Signing.keyed();
    var other = SigningKey.p256();
    var config = "{allOf: [%s, %s]}".formatted(signing.key.rule(), other.rule());
    var failure = Outcomes.failure(judge(config, signing.signLayer()));
    assertRejected(failure);
    assertThat(failure.message())
        .startsWith(
            "Image verification failed: missing signatures: pubKey key="
                + other.verifier().fingerprint()
                + "; found: layer 1: it is by a key that no rule names");
  }

  @Test
  void wantsAsManyAsTheConfigSays() {
    var one = Signing.keyed().signLayer();
    var two = Signing.keyed().signLayer();
    var rules = Stream.of(one.key, two.key, SigningKey.p256()).map(SigningKey::rule).toList();
    var policy =
        policy("{anyOf: {minimumMatches: 2, signatures: [%s]}}".formatted(String.join(",", rules)));
    assertThat(
            Outcomes.value(
                    policy.judge(
                        material(two.layer(), one.layer()), Signing.MANIFEST, PrivateSigstore.NOW))
                .signers())
        .extracting(Signer::identity)
        .containsExactly(
            one.key.verifier().fingerprint().toString(),
            two.key.verifier().fingerprint().toString());
    var failure =
        Outcomes.failure(
            policy.judge(material(two.layer()), Signing.MANIFEST, PrivateSigstore.NOW));
    assertRejected(failure);
    assertThat(failure.message())
        .startsWith(
            "Image verification failed: minimum number of signatures not reached: needed 2, got 1");
  }

  @Test
  void countsASignerOnce() {
    var signing = Signing.keyed().signLayer();
    var twice = signing.key.rule() + "," + signing.key.rule().replace("}", ", owner: Bob}");
    var failure =
        Outcomes.failure(
            judge("{anyOf: {minimumMatches: 2, signatures: [%s]}}".formatted(twice), signing));
    assertRejected(failure);
    assertThat(failure.message()).contains("needed 2, got 1");
  }

  @Test
  void knowsThatThereIsNone() {
    var failure =
        Outcomes.failure(
            policy(byKey(Signing.keyed()))
                .judge(material(), Signing.MANIFEST, PrivateSigstore.NOW));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureMissing);
    assertThat(failure.message())
        .isEqualTo(
            "Image verification failed: no signatures found for image registry.test/policies/one@"
                + Signing.MANIFEST
                + "; sign it with cosign");
  }

  @Test
  void triesAgainIfTheSignatureMayBeAmongWhatWasNotRead() {
    var bad = Signing.keyed().signLayer();
    var retry = new Failure(Reason.ModuleSourceUnreachable, "layer 2 cannot be read");
    var material = new SignatureMaterial(MapRepository.NAME, List.of(bad.layer()), List.of(retry));
    assertThat(
            Outcomes.failure(
                policy(byKey(Signing.keyed()))
                    .judge(material, Signing.MANIFEST, PrivateSigstore.NOW)))
        .isEqualTo(retry);
    assertThat(
            Outcomes.value(
                policy(byKey(bad)).judge(material, Signing.MANIFEST, PrivateSigstore.NOW)))
        .isNotNull();
  }

  private static void assertRejected(Failure failure) {
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message()).startsWith("Image verification failed: ").doesNotContain("\n");
  }

  private static String byKey(Signing signing) {
    return "{allOf: [%s]}"
        .formatted(signing.key.rule().replace("}", ", annotations: {env: prod}}"));
  }

  private static Outcome<Verification> judgeByKey(Signing signing) {
    return judge(byKey(signing), signing);
  }

  private static Outcome<Verification> judge(String config, Signing signing) {
    return policy(config).judge(material(signing.layer()), Signing.MANIFEST, PrivateSigstore.NOW);
  }

  private static SignaturePolicy policy(String config) {
    return new SignaturePolicy(
        Outcomes.value(VerificationConfig.parse(config)), Optional.of(SIGSTORE.trust()));
  }

  private static SignatureMaterial material(StoredSignature... signatures) {
    return new SignatureMaterial(MapRepository.NAME, List.of(signatures), List.of());
  }
}
