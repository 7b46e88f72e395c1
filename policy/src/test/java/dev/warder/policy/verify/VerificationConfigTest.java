package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.SignatureRule.GenericIssuer;
import dev.warder.policy.verify.SignatureRule.GithubAction;
import dev.warder.policy.verify.SignatureRule.PubKey;
import dev.warder.policy.verify.SignatureRule.Subject;
import dev.warder.policy.verify.VerificationConfig.AnyOf;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VerificationConfigTest {
  private static final SigningKey KEY = SigningKey.p256();

  @Test
  void readsAllKinds() {
    var config =
        parse(
            """
            apiVersion: v1
            allOf:
              - kind: githubAction
                owner: kubewarden
                repo: policies
                annotations:
                  env: prod
              - kind: genericIssuer
                issuer: https://issuer.test
                subject:
                  equal: someone@example.org
            anyOf:
              minimumMatches: 2
              signatures:
                - kind: pubKey
                  owner: Alice
                  key: |
            %s
                - kind: genericIssuer
                  issuer: https://issuer.test
                  subject:
                    urlPrefix: https://github.com/kubewarden
            """
                .formatted(KEY.pem().indent(10)));
    assertThat(config)
        .isEqualTo(
            new VerificationConfig(
                List.of(
                    new GithubAction(
                        "kubewarden",
                        Optional.of("policies"),
                        new TreeMap<>(Map.of("env", "prod"))),
                    new GenericIssuer(
                        "https://issuer.test",
                        new Subject.Equal("someone@example.org"),
                        new TreeMap<>())),
                Optional.of(
                    new AnyOf(
                        2,
                        List.of(
                            new PubKey(KEY.verifier(), Optional.of("Alice"), new TreeMap<>()),
                            new GenericIssuer(
                                "https://issuer.test",
                                new Subject.UrlPrefix("https://github.com/kubewarden/"),
                                new TreeMap<>()))))));
    assertThat(config.needsTrustRoot()).isTrue();
  }

  @Test
  void readsWhatIsLeftOut() {
    var config =
        parse(
            "{allOf: [], anyOf: {signatures: [{kind: githubAction, owner: o, repo: null}]},"
                + " apiVersion: null}");
    assertThat(config)
        .isEqualTo(
            new VerificationConfig(
                List.of(),
                Optional.of(
                    new AnyOf(
                        1, List.of(new GithubAction("o", Optional.empty(), new TreeMap<>()))))));
  }

  @Test
  void followsAliases() {
    var config = parse("{allOf: [&x {kind: githubAction, owner: o}, *x]}");
    assertThat(config.allOf()).hasSize(2).allMatch(config.allOf().getFirst()::equals);
  }

  @Test
  void needsNoTrustRootForKeys() {
    assertThat(parse("{allOf: [%s]}".formatted(KEY.rule())).needsTrustRoot()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                                                   | it is no object
          []                                                                   | it is no object
          {}                                                                   | allOf and anyOf are both missing or empty
          {apiVersion: v1, allOf: []}                                          | allOf and anyOf are both missing or empty
          {apiVersion: v2, allOf: [{kind: githubAction, owner: o}]}            | apiVersion is not v1
          {apiVersion: 1, allOf: [{kind: githubAction, owner: o}]}             | apiVersion is no text
          {allof: []}                                                          | allof is unknown here
          {allOf: {}}                                                          | allOf is no list
          {allOf: [x]}                                                         | allOf[0] is no object
          {allOf: [{owner: o}]}                                                | allOf[0].kind is missing
          {allOf: [{kind: certificate}]}                                       | allOf[0].kind is none of
          {allOf: [{kind: pubKey}]}                                            | allOf[0].key is missing
          {allOf: [{kind: pubKey, key: abc}]}                                  | allOf[0].key is no public key
          {allOf: [{kind: githubAction}]}                                      | allOf[0].owner is missing
          {allOf: [{kind: githubAction, owner: " "}]}                          | allOf[0].owner is empty
          {allOf: [{kind: githubAction, owner: o/r}]}                          | allOf[0].owner is no name
          {allOf: [{kind: githubAction, owner: .*}]}                           | allOf[0].owner is no name
          {allOf: [{kind: githubAction, owner: o, repo: o/r}]}                 | allOf[0].repo is no name
          {allOf: [{kind: githubAction, owner: o, repos: r}]}                  | allOf[0].repos is unknown here; known are kind, owner, repo, annotations
          {allOf: [{kind: githubAction, owner: o, issuer: i}]}                 | allOf[0].issuer is unknown here
          {allOf: [{kind: githubAction, owner: o, owner: p}]}                  | duplicate key owner
          {allOf: [{kind: githubAction, owner: o, annotations: {a: true}}]}    | allOf[0].annotations.a is no text
          {allOf: [{kind: githubAction, owner: o, annotations: [a]}]}          | allOf[0].annotations is no object
          {allOf: [{kind: githubAction, owner: o, annotations: {creator: x}}]} | allOf[0].annotations.creator can match no signature
          {allOf: [{kind: genericIssuer, subject: {equal: s}}]}                | allOf[0].issuer is missing
          {allOf: [{kind: genericIssuer, issuer: "", subject: {equal: s}}]}    | allOf[0].issuer is empty
          {allOf: [{kind: genericIssuer, issuer: "i\\n", subject: {equal: s}}]} | allOf[0].issuer has control characters
          {allOf: [{kind: genericIssuer, issuer: i}]}                          | allOf[0].subject is missing
          {allOf: [{kind: genericIssuer, issuer: i, subject: s}]}              | allOf[0].subject is no object
          {allOf: [{kind: genericIssuer, issuer: i, subject: {}}]}             | must have either equal or urlPrefix
          {allOf: [{kind: genericIssuer, issuer: i, subject: {equal: ""}}]}    | allOf[0].subject.equal is empty
          {allOf: [{kind: genericIssuer, issuer: i, subject: {regexp: s}}]}    | allOf[0].subject.regexp is unknown here
          {allOf: [{kind: genericIssuer, issuer: i, subject: {equal: s, urlPrefix: "https://h"}}]} | must have either
          {allOf: [{kind: genericIssuer, issuer: i, subject: {urlPrefix: h}}]} | allOf[0].subject.urlPrefix is no URL
          {allOf: [{kind: genericIssuer, issuer: i, subject: {urlPrefix: "https://h/a/../b"}}]} | allOf[0].subject.urlPrefix is no URL
          {allOf: [{kind: genericIssuer, issuer: i, subject: {urlPrefix: "https://h/?q"}}]} | allOf[0].subject.urlPrefix is no URL
          {allOf: [{kind: genericIssuer, issuer: i, subject: !equal s}]}       | could not determine a constructor
          {anyOf: {}}                                                          | anyOf.signatures is missing or empty
          {anyOf: {minimumMatches: 0, signatures: [{kind: githubAction, owner: o}]}} | anyOf.minimumMatches is 0
          {anyOf: {minimumMatches: 2, signatures: [{kind: githubAction, owner: o}]}} | anyOf.minimumMatches is 2, but there are 1
          {anyOf: {minimumMatches: -1, signatures: [{kind: githubAction, owner: o}]}} | anyOf.minimumMatches is -1
          {anyOf: {minimumMatches: 1.0, signatures: [{kind: githubAction, owner: o}]}} | anyOf.minimumMatches is no whole number
          {anyOf: {minimumMatches: 4294967297, signatures: [{kind: githubAction, owner: o}]}} | anyOf.minimumMatches is no whole number
          {anyOf: [{kind: githubAction, owner: o}]}                            | anyOf is no object
          {anyOf: {signature: [{kind: githubAction, owner: o}]}}               | anyOf.signature is unknown here
          {allOf: [                                                            | line 1
          """)
  void refuses(String yaml, String why) {
    assertRefused(yaml == null ? "" : yaml, why);
  }

  @Test
  void refusesASecondDocument() {
    assertRefused(
        "allOf: [{kind: githubAction, owner: o}]\n---\nallOf: []\n",
        "line 2, column 1: but found another document");
  }

  @Test
  void refusesWhatHasNoEnd() {
    assertRefused("[".repeat(100_000), "");
    assertRefused("a".repeat((1 << 20) + 1), "larger than 1048576");
    assertRefused(
        "{allOf: [%s]}".formatted("{kind: githubAction, owner: o},".repeat(101)),
        "allOf has more than 100 entries");
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 100; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
    }
    assertRefused(bomb.toString(), "aliases");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s%s", "%s\ntrailing", "leading\n%s"})
  void refusesMoreThanOneKey(String text) {
    var pem = text.formatted(KEY.pem(), SigningKey.p256().pem());
    assertRefused(
        "{allOf: [{kind: pubKey, key: \"%s\"}]}".formatted(pem.replace("\n", "\\n")),
        "allOf[0].key is no public key");
  }

  @Test
  void refusesWeakKeys() {
    for (var key : List.of(SigningKey.rsa(1024), SigningKey.p521())) {
      assertRefused("{allOf: [%s]}".formatted(key.rule()), "allOf[0].key is no public key");
    }
  }

  private static VerificationConfig parse(String yaml) {
    return Outcomes.value(VerificationConfig.parse(yaml));
  }

  private static void assertRefused(String yaml, String why) {
    var failure = Outcomes.failure(VerificationConfig.parse(yaml));
    assertThat(failure.reason()).isEqualTo(Reason.VerificationConfigInvalid);
    assertThat(failure.message())
        .startsWith("The verification config cannot be used: ")
        .contains(why);
  }
}
