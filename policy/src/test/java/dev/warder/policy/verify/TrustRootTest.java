package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrustRootTest {
  private static final PrivateSigstore SIGSTORE = new PrivateSigstore();
  private static final String JSON = Json.write(SIGSTORE.trustedRoot());

  @Test
  void readsATrustedRoot() {
    var trust = parse(JSON);
    assertThat(trust.fingerprint()).isEqualTo(Digest.of(JSON.getBytes(StandardCharsets.UTF_8)));
    assertThat(trust.signatureLogs())
        .extracting(TransparencyLog::host)
        .containsExactly("rekor.test", "v2.rekor.test");
    assertThat(trust.certificateLogs())
        .extracting(TransparencyLog::key)
        .containsExactly(SIGSTORE.certificateLog.verifier());
    assertThat(trust.certificateAuthorities())
        .singleElement()
        .satisfies(chain -> assertThat(chain.issuers()).hasSize(2));
    assertThat(trust.timestampAuthorities())
        .singleElement()
        .satisfies(
            authority -> {
              assertThat(authority.signer()).isPresent();
              assertThat(authority.chain().issuers()).hasSize(1);
            });
  }

  @Test
  void readsAClientTrustConfig() {
    var config =
        "{\"mediaType\":\"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json\","
            + "\"signingConfig\":{},\"trustedRoot\":%s}".formatted(JSON);
    assertThat(parse(config).signatureLogs()).hasSize(2);
    assertThat(parse(config).fingerprint()).isNotEqualTo(parse(JSON).fingerprint());
  }

  @Test
  void readsABareRsaKey() throws IOException {
    var key = SigningKey.rsa(2048);
    var bare =
        new org.bouncycastle.asn1.pkcs.RSAPublicKey(
            ((RSAPublicKey) key.pair().getPublic()).getModulus(),
            ((RSAPublicKey) key.pair().getPublic()).getPublicExponent());
    var json = new JsonMapper().readTree(JSON);
    ((ObjectNode) json.at("/ctlogs/0/publicKey"))
        .put("keyDetails", "PKCS1_RSA_PKCS1V5")
        .put("rawBytes", PrivateSigstore.base64(der(bare)));
    assertThat(parse(json.toString()).certificateLogs())
        .extracting(TransparencyLog::key)
        .containsExactly(key.verifier());
  }

  private static byte[] der(org.bouncycastle.asn1.pkcs.RSAPublicKey key) {
    try {
      return key.getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void holdsThePublicInstance() {
    var trust = TrustRoot.publicGood();
    assertThat(trust.fingerprint())
        .isEqualTo(new Digest("6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66"));
    assertThat(trust.signatureLogs())
        .extracting(TransparencyLog::host)
        .containsExactly("rekor.sigstore.dev", "log2025-1.rekor.sigstore.dev");
    assertThat(trust.certificateLogs()).hasSize(2);
    assertThat(trust.timestampAuthorities()).hasSize(1);
    // An authority vouches for the one below it as long as it counts.
    var now = Instant.parse("2026-01-01T00:00:00Z");
    var fulcio = trust.certificateAuthorities().getLast();
    assertThat(fulcio.period().contains(now)).isTrue();
    assertThat(
            Certificates.leadsTo(
                List.of(fulcio.issuers().getLast()), fulcio.issuers().getFirst(), now))
        .isTrue();
    var clock = trust.timestampAuthorities().getFirst();
    assertThat(clock.chain().certifies(clock.signer().orElseThrow(), now)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "tlogs":[                | "logs":[                     | it.tlogs names no log of signatures
          "tlogs":[                | "tlogs":{},"x":[             | it.tlogs is not a list
          "tlogs":[                | "tlogs":[{},                 | it.tlogs[0].hashAlgorithm is not a text
          "SHA2_256"               | "SHA2_512"                   | hashAlgorithm is not SHA2_256
          "start":"                | "start":"x                   | has a time that is not RFC 3339
          "start":"                | "begin":"                    | validFor.start is not a text
          "keyId":"                | "keyId":"_                   | keyId is not base64
          trustedroot+json         | other+json                   | it.mediaType is not that of a trust root
          "mediaType":"            | "tlogs":[],"mediaType":"     | it is no JSON, or has a name twice
          "rawBytes":"MF           | "rawBytes":"MA               | rawBytes is no RSA, P-256, P-384 or Ed25519 key
          "certificates":[         | "certificates":[{"rawBytes":"AAAA"}, | rawBytes is no X.509 certificate in DER
          "certificates":[         | "others":[                   | certChain has no certificates
          """)
  void refuses(String text, String changed, String why) {
    var json = JSON.replace(text, changed);
    assertThat(json).isNotEqualTo(JSON);
    assertRefused(json, why);
  }

  @Test
  void refusesWhatIsNone() {
    assertRefused("", "it is no JSON");
    assertRefused("[]", "it is no JSON object");
    assertRefused(JSON + "{}", "it is no JSON");
    assertRefused(
        "{\"mediaType\":\"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json\"}",
        "it has no trustedRoot");
    assertRefused(" ".repeat((1 << 20) + 1), "it is larger than");
    var failure = Outcomes.failure(TrustRoot.parse(new byte[] {'"', (byte) 0xff, '"'}));
    assertThat(failure.message()).contains("it is not UTF-8");
  }

  @Test
  void countsBothEndsOfAPeriod() {
    var start = Instant.EPOCH;
    var end = start.plusSeconds(1);
    var period = new Period(start, Optional.of(end));
    assertThat(period.contains(start)).isTrue();
    assertThat(period.contains(end)).isTrue();
    assertThat(period.contains(start.minusNanos(1))).isFalse();
    assertThat(period.contains(end.plusNanos(1))).isFalse();
    assertThat(new Period(start, Optional.empty()).contains(Instant.MAX)).isTrue();
  }

  @Test
  void needsNoCertificateAuthorityForKeys() {
    var json =
        Json.write(
            Map.of(
                "mediaType",
                "application/vnd.dev.sigstore.trustedroot.v0.2+json",
                "tlogs",
                SIGSTORE.trustedRoot().get("tlogs")));
    assertThat(parse(json).certificateAuthorities()).isEmpty();
  }

  private static TrustRoot parse(String json) {
    return Outcomes.value(TrustRoot.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertRefused(String json, String why) {
    var failure = Outcomes.failure(TrustRoot.parse(json.getBytes(StandardCharsets.UTF_8)));
    assertThat(failure.reason()).isEqualTo(Reason.TrustRootInvalid);
    assertThat(failure.message()).startsWith("The trust root cannot be used: ").contains(why);
  }
}
