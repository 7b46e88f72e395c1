package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.PrivateSigstore.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of simple signing, made with certificates of a private instance of Sigstore. */
final class KeylessSignatureTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final TrustRoot TRUST = SIGSTORE.trust();
  private static final String BY_OWNER = "{kind: githubAction, owner: kubewarden}";

  @Test
  void acceptsAWorkflow() {
    var verification = Outcomes.value(judge(BY_OWNER, signing().signLayer()));
    var subject =
        "https://github.com/kubewarden/policies/.github/workflows/release.yml@refs/tags/v1";
    assertThat(verification.signers())
        .containsExactly(
            new Signer(
                "githubAction owner=kubewarden",
                subject,
                Optional.empty(),
                Optional.of("https://token.actions.githubusercontent.com"),
                Optional.of(Signing.SIGNED),
                "simple signing"));
    assertThat(verification.text())
        .isEqualTo(
            "keyless %s (issuer https://token.actions.githubusercontent.com),"
                + " rule githubAction owner=kubewarden",
            subject);
  }

  @Test
  void acceptsAnAddress() {
    var signing =
        Signing.keyless(
            SIGSTORE,
            named(new GeneralName(GeneralName.rfc822Name, "a@example.org"), "https://issuer.test"));
    assertThat(
            Outcomes.value(
                judge(
                    generic("https://issuer.test", "equal", "a@example.org"), signing.signLayer())))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # subject                                       | key       | value                          | met
          https://github.com/kubewarden/policies/x@1      | equal     | https://github.com/kubewarden/policies/x@1 | true
          https://github.com/kubewarden/policies/x@1      | equal     | https://github.com/kubewarden/policies/x   | false
          https://github.com/kubewarden/policies/x@1      | equal     | https://github.com/kubewarden/policies/.*  | false
          https://github.com/kubewarden/policies/x@1      | equal     | .*                             | false
          https://github.com/kubewarden/policies/x@1      | urlPrefix | https://github.com/kubewarden  | true
          https://github.com/kubewarden/policies/x@1      | urlPrefix | https://github.com/kubewarden/ | true
          https://github.com/kubewarden/policies/x@1      | urlPrefix | https://github.com             | true
          https://github.com/kubewarden-evil/policies/x@1 | urlPrefix | https://github.com/kubewarden  | false
          https://github.com.evil/kubewarden/policies/x@1 | urlPrefix | https://github.com             | false
          https://github.com/kubewarden                   | urlPrefix | https://github.com/kubewarden  | false
          http://github.com/kubewarden/policies/x@1       | urlPrefix | https://github.com/kubewarden  | false
          https://github.com/Kubewarden/policies/x@1      | urlPrefix | https://github.com/kubewarden  | false
          https://github.com/kube.arden/policies/x@1      | urlPrefix | https://github.com/kubewarden  | false
          """)
  void comparesSubjectsLiterally(String subject, String key, String value, boolean met) {
    var issuer = "https://issuer.test";
    var signing = Signing.keyless(SIGSTORE, named(PrivateSigstore.uri(subject), issuer));
    assertMet(judge(generic(issuer, key, value), signing.signLayer()), met);
  }

  @ParameterizedTest
  @CsvSource({
    "https://issuer.test, true",
    "https://issuer.test/, false",
    "https://issuer, false",
    "https://issuer.tes., false"
  })
  void comparesIssuersLiterally(String issuer, boolean met) {
    var subject = "https://host.test/x";
    var signing =
        Signing.keyless(SIGSTORE, named(PrivateSigstore.uri(subject), "https://issuer.test"));
    assertMet(judge(generic(issuer, "equal", subject), signing.signLayer()), met);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # subject                                  | extension                | repo     | met
          https://github.com/kubewarden/policies/x@1 | kubewarden/policies      |          | true
          https://github.com/kubewarden/policies/x@1 | kubewarden/policies      | policies | true
          https://github.com/kubewarden/workflow/x@1 | kubewarden/policies      | policies | true
          https://github.com/kubewarden/policies/x@1 | kubewarden/other         | policies | false
          https://github.com/kubewarden/policies/x@1 | evil/policies            |          | false
          https://github.com/kubewarden/policies/x@1 | evil/policies            | policies | false
          https://github.com/evil/policies/x@1       | kubewarden/policies      |          | false
          https://github.com/evil/policies/x@1       | kubewarden/policies      | policies | false
          https://github.com/kubewarden-evil/p/x@1   | kubewarden-evil/p        |          | false
          https://github.com/kubewarden/policies/x@1 | kubewarden/policies-evil | policies | false
          https://github.com/kubewarden/policies/x@1 | kubewarden/              |          | false
          https://github.com/kubewarden              | kubewarden/policies      |          | false
          https://github.com/kubewarden//x           | kubewarden/policies      |          | false
          https://host.test/kubewarden/policies/x@1  | kubewarden/policies      |          | false
          """)
  void wantsOwnerAndRepository(String subject, String extension, String repo, boolean met) {
    var workflow = SIGSTORE.workflow(extension);
    var signing =
        Signing.keyless(
            SIGSTORE, changed(workflow, PrivateSigstore.uri(subject), workflow.issuer()));
    var rule =
        repo == null
            ? BY_OWNER
            : "{kind: githubAction, owner: kubewarden, repo: %s}".formatted(repo);
    assertMet(judge(rule, signing.signLayer()), met);
  }

  @Test
  void wantsTheIssuerOfGitHub() {
    var workflow = SIGSTORE.workflow("kubewarden/policies");
    var signing =
        Signing.keyless(SIGSTORE, changed(workflow, workflow.name(), "https://issuer.test"));
    assertMet(judge(BY_OWNER, signing.signLayer()), false);
  }

  static Stream<Arguments> attacks() {
    var otherSigstore = new PrivateSigstore();
    return Stream.of(
        subject(
            "certificate that expired before",
            from -> from.minus(Duration.ofMinutes(30)),
            "it was signed at 2026-03-01T12:01:00Z, outside of the life of its certificate"),
        subject(
            "certificate of later",
            from -> from.plus(Duration.ofMinutes(2)),
            "it was signed at 2026-03-01T12:01:00Z, outside of the life of its certificate"),
        certificate(
            "no certificate timestamp",
            subject -> withLog(subject, Optional.empty()),
            "its certificate has no signed certificate timestamp (SCT)"),
        certificate(
            "certificate timestamp by an unknown log",
            subject -> withLog(subject, Optional.of(SigningKey.p256())),
            "none of the 1 signed certificate timestamps (SCT)"),
        certificate(
            "certificate for another purpose",
            subject -> withPurpose(subject, KeyPurposeId.id_kp_serverAuth),
            "its certificate is not for code signing"),
        certificate(
            "subject that is a host",
            subject ->
                changed(subject, new GeneralName(GeneralName.dNSName, "host"), subject.issuer()),
            "the subject of its certificate is neither an e-mail address nor a URI"),
        attack(
            "certificate of another authority",
            signing ->
                signing.certificate =
                    Optional.of(
                        otherSigstore.certify(
                            withLog(
                                SIGSTORE.workflow("kubewarden/policies"),
                                Optional.of(SIGSTORE.certificateLog)),
                            signing.key)),
            _ -> {},
            "its certificate is by no authority of the trust root that counted then"),
        attack(
            "certificate of another key",
            signing -> signing.key = SigningKey.p256(),
            _ -> {},
            "its content was not signed by its certificate"),
        attack(
            "swapped payload",
            _ -> {},
            signing -> signing.payload = "{}".getBytes(StandardCharsets.UTF_8),
            "its content was not signed by its certificate"),
        attack(
            "no log entry",
            signing -> signing.log = Optional.empty(),
            _ -> {},
            "it has no entry of a transparency log"),
        attack(
            "promise by an unknown log",
            signing -> signing.log = Optional.of(SigningKey.p256()),
            _ -> {},
            "its log entry is by a log that the trust root does not know"),
        attack(
            "promise by another key under the log's name",
            _ -> {},
            signing ->
                signing.promise =
                    PrivateSigstore.promise(SigningKey.p256(), signing.body, signing.logged, 7),
            "the promise (SET) of its log entry is not signed by the log, or is of another entry"),
        attack(
            "promise over another body",
            _ -> {},
            signing -> signing.body = "{}".getBytes(StandardCharsets.UTF_8),
            "the promise (SET) of its log entry is not signed by the log, or is of another entry"),
        attack(
            "time that the log did not promise",
            _ -> {},
            signing -> signing.logged = signing.logged.plusSeconds(1),
            "the promise (SET) of its log entry is not signed by the log, or is of another entry"),
        attack(
            "time at which the log did not count",
            signing -> signing.logged = PrivateSigstore.NOW.plus(Duration.ofDays(301)),
            _ -> {},
            "its log entry is of a time at which the log did not count"),
        attack(
            "entry of another signature",
            _ -> {},
            signing -> {
              signing.body = signing().signLayer().body;
              signing.inLog();
            },
            "its log entry is of another signature"),
        attack(
            "entry of other content",
            _ -> {},
            signing -> {
              signing.body = signing.hashedRekord(new byte[32]);
              signing.inLog();
            },
            "its log entry is of other content"),
        attack(
            "entry of the key instead of the certificate",
            _ -> {},
            signing -> {
              var certificate = signing.certificate;
              signing.certificate = Optional.empty();
              signing.body =
                  signing.hashedRekord(HashAlgorithm.SHA_256.of(signing.payload).array());
              signing.certificate = certificate;
              signing.inLog();
            },
            "its log entry is of another key or certificate"),
        attack(
            "entry of a kind that tells no signature",
            _ -> {},
            signing -> {
              signing.body = Signing.entry("intoto", "0.0.1", Map.of());
              signing.inLog();
            },
            "its log entry is of a kind that does not tell what was signed"),
        attack(
            "signature of another digest",
            signing -> signing.manifest = Digest.of(new byte[0]),
            _ -> {},
            "it is the signature of another digest"),
        attack(
            "timestamp outside of the life of the certificate",
            _ -> {},
            signing ->
                signing.timestamps.add(
                    SIGSTORE.timestamp(
                        signing.signature, PrivateSigstore.NOW.plus(Duration.ofHours(1)))),
            "it was signed at 2026-03-01T13:00:00Z, outside of the life of its certificate"));
  }

  private static Arguments subject(String name, UnaryOperator<Instant> change, String why) {
    return certificate(
        name,
        subject ->
            new Subject(
                subject.name(),
                subject.issuer(),
                subject.repository(),
                change.apply(subject.notBefore()),
                subject.life(),
                subject.purpose(),
                subject.certificateLog()),
        why);
  }

  private static Arguments certificate(String name, UnaryOperator<Subject> change, String why) {
    return attack(
        name,
        signing ->
            signing.certificate =
                Optional.of(
                    SIGSTORE.certify(
                        change.apply(SIGSTORE.workflow("kubewarden/policies")), signing.key)),
        _ -> {},
        why);
  }

  private static Arguments attack(
      String name, Consumer<Signing> before, Consumer<Signing> after, String why) {
    return Arguments.of(Named.of(name, before), after, why);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void refuses(Consumer<Signing> before, Consumer<Signing> after, String why) {
    var signing = signing();
    before.accept(signing);
    signing.signLayer();
    after.accept(signing);
    var failure = Outcomes.failure(judge(BY_OWNER, signing));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message())
        .startsWith("Image verification failed: missing signatures: githubAction owner=kubewarden")
        .contains("found: layer 1: " + why);
  }

  @Test
  void refusesWithoutATrustRoot() {
    var failure =
        Outcomes.failure(
            new SignaturePolicy(config(BY_OWNER), Optional.empty())
                .judge(material(signing().signLayer()), Signing.MANIFEST, PrivateSigstore.NOW));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message()).contains("there is no trust root");
  }

  @Test
  void refusesTheFuture() {
    var failure =
        Outcomes.failure(
            policy(BY_OWNER)
                .judge(
                    material(signing().signLayer()),
                    Signing.MANIFEST,
                    PrivateSigstore.NOW.minus(Duration.ofDays(2))));
    assertThat(failure.message()).contains("it is said to be signed in the future");
  }

  @Test
  void refusesKeysWhereCertificatesAreAskedFor() {
    var failure = Outcomes.failure(judge(BY_OWNER, Signing.keyed().signLayer()));
    assertThat(failure.message()).contains("it has no certificate, for which a rule asks");
  }

  @Test
  void tellsWhoSignedInstead() {
    Failure failure =
        Outcomes.failure(judge("{kind: githubAction, owner: other}", signing().signLayer()));
    assertThat(failure.message())
        .contains("found: layer 1: it is by keyless https://github.com/kubewarden/policies/");
  }

  @Test
  void judgesTheSameTomorrow() {
    assertThat(
            Outcomes.value(
                policy(BY_OWNER)
                    .judge(
                        material(signing().signLayer()),
                        Signing.MANIFEST,
                        PrivateSigstore.NOW.plus(Duration.ofDays(3000)))))
        .isNotNull();
  }

  @Test
  void hasAFingerprintOfAllThatMatters() {
    var policy = policy(BY_OWNER);
    assertThat(policy("{owner: kubewarden, kind: githubAction} # the same").fingerprint())
        .isEqualTo(policy.fingerprint());
    assertThat(
            List.of(
                policy("{kind: githubAction, owner: other}").fingerprint(),
                policy("{kind: githubAction, owner: kubewarden, repo: r}").fingerprint(),
                policy("{kind: githubAction, owner: kubewarden, annotations: {a: b}}")
                    .fingerprint(),
                policy.forRepository("a/b").fingerprint(),
                new SignaturePolicy(config(BY_OWNER), Optional.empty()).fingerprint(),
                new SignaturePolicy(config(BY_OWNER), Optional.of(TrustRoot.publicGood()))
                    .fingerprint()))
        .doesNotHaveDuplicates()
        .doesNotContain(policy.fingerprint());
  }

  private static Signing signing() {
    return Signing.keyless(SIGSTORE, SIGSTORE.workflow("kubewarden/policies"));
  }

  private static Subject named(GeneralName name, String issuer) {
    return changed(SIGSTORE.workflow("kubewarden/policies"), name, issuer);
  }

  private static Subject changed(Subject subject, GeneralName name, String issuer) {
    return new Subject(
        name,
        issuer,
        subject.repository(),
        subject.notBefore(),
        subject.life(),
        subject.purpose(),
        subject.certificateLog());
  }

  private static Subject withLog(Subject subject, Optional<SigningKey> log) {
    return new Subject(
        subject.name(),
        subject.issuer(),
        subject.repository(),
        subject.notBefore(),
        subject.life(),
        subject.purpose(),
        log);
  }

  private static Subject withPurpose(Subject subject, KeyPurposeId purpose) {
    return new Subject(
        subject.name(),
        subject.issuer(),
        subject.repository(),
        subject.notBefore(),
        subject.life(),
        purpose,
        subject.certificateLog());
  }

  private static String generic(String issuer, String key, String value) {
    return "{kind: genericIssuer, issuer: \"%s\", subject: {%s: \"%s\"}}"
        .formatted(issuer, key, value);
  }

  private static void assertMet(Outcome<Verification> judgement, boolean met) {
    assertThat(judgement instanceof Outcome.Done<Verification>).as("%s", judgement).isEqualTo(met);
  }

  private static Outcome<Verification> judge(String rule, Signing signing) {
    return policy(rule).judge(material(signing), Signing.MANIFEST, PrivateSigstore.NOW);
  }

  private static SignaturePolicy policy(String rule) {
    return new SignaturePolicy(config(rule), Optional.of(TRUST));
  }

  private static VerificationConfig config(String rule) {
    return Outcomes.value(VerificationConfig.parse("allOf:\n- " + rule));
  }

  private static SignatureMaterial material(Signing signing) {
    return new SignatureMaterial(MapRepository.NAME, List.of(signing.layer()), List.of());
  }
}
