package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.verify.PrivateSigstore.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks on layers of simple signing that are made with certificates. */
final class KeylessAttacksTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final Judge JUDGE = new Judge(SIGSTORE.trust());
  private static final String BY_OWNER = "{kind: githubAction, owner: kubewarden}";

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
            subject -> subject.loggedBy(Optional.empty()),
            "its certificate has no signed certificate timestamp (SCT)"),
        certificate(
            "certificate timestamp by an unknown log",
            subject -> subject.loggedBy(Optional.of(SigningKey.p256())),
            "none of the 1 signed certificate timestamps (SCT)"),
        certificate(
            "certificate for another purpose",
            subject -> subject.usedFor(KeyPurposeId.id_kp_serverAuth),
            "its certificate is not for code signing"),
        certificate(
            "subject that is a host",
            subject ->
                subject.named(new GeneralName(GeneralName.dNSName, "host"), subject.issuer()),
            "the subject of its certificate is neither an e-mail address nor a URI"),
        attack(
            "certificate of another authority",
            signing ->
                signing.certificate =
                    Optional.of(
                        otherSigstore.certify(
                            SIGSTORE.workflow("kubewarden/policies"), signing.key)),
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
    return certificate(name, subject -> subject.from(change.apply(subject.notBefore())), why);
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
    var failure = Outcomes.failure(JUDGE.judge(BY_OWNER, signing.layer()));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message())
        .startsWith("Image verification failed: missing signatures: githubAction owner=kubewarden")
        .contains("found: layer 1: " + why);
  }

  private static Signing signing() {
    return Signing.keyless(SIGSTORE, SIGSTORE.workflow("kubewarden/policies"));
  }
}
