package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.PrivateSigstore.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers of simple signing, made with certificates of a private instance of Sigstore. */
final class KeylessSignatureTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final Judge JUDGE = new Judge(SIGSTORE.trust());
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
        Signing.keyless(SIGSTORE, workflow.named(PrivateSigstore.uri(subject), workflow.issuer()));
    var rule =
        repo == null
            ? BY_OWNER
            : "{kind: githubAction, owner: kubewarden, repo: %s}".formatted(repo);
    assertMet(judge(rule, signing.signLayer()), met);
  }

  @Test
  void wantsTheIssuerOfGitHub() {
    var workflow = SIGSTORE.workflow("kubewarden/policies");
    var signing = Signing.keyless(SIGSTORE, workflow.named(workflow.name(), "https://issuer.test"));
    assertMet(judge(BY_OWNER, signing.signLayer()), false);
  }

  @Test
  void refusesWithoutATrustRoot() {
    var failure =
        Outcomes.failure(
            new SignaturePolicy(Judge.config(BY_OWNER), Optional.empty())
                .judge(
                    Judge.material(signing().signLayer().layer()),
                    Signing.MANIFEST,
                    PrivateSigstore.NOW));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message()).contains("there is no trust root");
  }

  @Test
  void refusesTheFuture() {
    var failure =
        Outcomes.failure(
            JUDGE
                .policy(BY_OWNER)
                .judge(
                    Judge.material(signing().signLayer().layer()),
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
                JUDGE
                    .policy(BY_OWNER)
                    .judge(
                        Judge.material(signing().signLayer().layer()),
                        Signing.MANIFEST,
                        PrivateSigstore.NOW.plus(Duration.ofDays(3000)))))
        .isNotNull();
  }

  @Test
  void hasAFingerprintOfAllThatMatters() {
    var policy = JUDGE.policy(BY_OWNER);
    assertThat(JUDGE.policy("{owner: kubewarden, kind: githubAction} # the same").fingerprint())
        .isEqualTo(policy.fingerprint());
    assertThat(
            List.of(
                JUDGE.policy("{kind: githubAction, owner: other}").fingerprint(),
                JUDGE.policy("{kind: githubAction, owner: kubewarden, repo: r}").fingerprint(),
                JUDGE
                    .policy("{kind: githubAction, owner: kubewarden, annotations: {a: b}}")
                    .fingerprint(),
                policy.forRepository("a/b").fingerprint(),
                new SignaturePolicy(Judge.config(BY_OWNER), Optional.empty()).fingerprint(),
                new SignaturePolicy(Judge.config(BY_OWNER), Optional.of(TrustRoot.publicGood()))
                    .fingerprint()))
        .doesNotHaveDuplicates()
        .doesNotContain(policy.fingerprint());
  }

  private static Signing signing() {
    return Signing.keyless(SIGSTORE, SIGSTORE.workflow("kubewarden/policies"));
  }

  private static Subject named(GeneralName name, String issuer) {
    return SIGSTORE.workflow("kubewarden/policies").named(name, issuer);
  }

  private static String generic(String issuer, String key, String value) {
    return "{kind: genericIssuer, issuer: \"%s\", subject: {%s: \"%s\"}}"
        .formatted(issuer, key, value);
  }

  private static void assertMet(Outcome<Verification> judgement, boolean met) {
    assertThat(judgement instanceof Outcome.Done<Verification>).as("%s", judgement).isEqualTo(met);
  }

  private static Outcome<Verification> judge(String rule, Signing signing) {
    return JUDGE.judge(rule, signing.layer());
  }
}
