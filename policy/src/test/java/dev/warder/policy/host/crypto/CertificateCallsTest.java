package dev.warder.policy.host.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.MisfitException;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CertificateCallsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);
  private static final String TRUSTED = "+{\"trusted\":true,\"reason\":\"\"}";
  private static final String UNKNOWN =
      "+{\"trusted\":false,\"reason\":\"Certificate is not trusted by the provided cert chain\"}";
  private static final String EXPIRED =
      "+{\"trusted\":false,\"reason\":\"Certificate is being used after its expiration date\"}";
  private static final String EARLY =
      "+{\"trusted\":false,\"reason\":\"Certificate is being used before its validity date\"}";

  private static final Party ROOT = Party.create("root");
  private static final Party MIDDLE = Party.create("middle");
  private static final Party LEAF = Party.create("leaf");

  private static final X509Certificate ROOT_CERTIFICATE = ROOT.authority(ROOT, span(-2, 2));
  private static final X509Certificate MIDDLE_CERTIFICATE = ROOT.authority(MIDDLE, span(-1, 1));
  private static final X509Certificate LEAF_CERTIFICATE = MIDDLE.entity(LEAF, span(-1, 1));
  private static final X509Certificate DIRECT = ROOT.entity(LEAF, span(-1, 1));

  private final CertificateCalls calls = new CertificateCalls(Clock.fixed(NOW, ZoneOffset.UTC));

  @AfterEach
  void close() {
    calls.close();
  }

  private record Span(Instant from, Instant to) {}

  private static Span span(int fromYears, int toYears) {
    return new Span(NOW.plus(YEAR.multipliedBy(fromYears)), NOW.plus(YEAR.multipliedBy(toYears)));
  }

  /** Somebody with a key and a name. */
  private record Party(String name, KeyPair keys) {
    static Party create(String name) {
      try {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return new Party(name, generator.generateKeyPair());
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    X509Certificate authority(Party of, Span span) {
      return certify(of, span, true);
    }

    X509Certificate entity(Party of, Span span) {
      return certify(of, span, false);
    }

    private X509Certificate certify(Party of, Span span, boolean authority) {
      try {
        var builder =
            new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + name),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(span.from()),
                Date.from(span.to()),
                new X500Name("CN=" + of.name),
                of.keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!authority) {
          // Whatever it is for, it is accepted.
          builder.addExtension(
              Extension.extendedKeyUsage,
              true,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
        }
        return new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static ObjectNode der(byte[] bytes) {
    return given("Der", bytes);
  }

  private static ObjectNode der(X509Certificate certificate) {
    return der(encoded(certificate));
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String pemText(X509Certificate certificate) {
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(encoded(certificate)));
  }

  private static ObjectNode pem(String text) {
    return given("Pem", text.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode given(String encoding, byte[] bytes) {
    var given = Json.object().put("encoding", encoding);
    var data = given.putArray("data");
    for (var one : bytes) {
      data.add(one & 0xff);
    }
    return given;
  }

  private static ArrayNode chain(X509Certificate... certificates) {
    var chain = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(certificates).map(CertificateCallsTest::der).forEach(chain::add);
    return chain;
  }

  private String judge(JsonNode certificate, JsonNode chain) {
    return judge(certificate, chain, JsonNodeFactory.instance.nullNode());
  }

  private String judge(JsonNode certificate, JsonNode chain, JsonNode notAfter) {
    var payload = Json.object();
    payload.set("cert", certificate);
    payload.set("cert_chain", chain);
    payload.set("not_after", notAfter);
    return ask(payload);
  }

  private String judgeAt(String time) {
    return judge(
        der(LEAF_CERTIFICATE),
        chain(MIDDLE_CERTIFICATE, ROOT_CERTIFICATE),
        JsonNodeFactory.instance.textNode(time));
  }

  /** As the gate does it. */
  private String ask(JsonNode payload) {
    try {
      var answer = calls.judge(CertificateCalls.PAYLOAD.fit(payload, "payload"));
      var reply = answer instanceof Waiting(var wait) ? wait.outcome() : (Reply) answer;
      return (reply.granted() ? "+" : "-") + new String(reply.bytes(), StandardCharsets.UTF_8);
    } catch (MisfitException e) {
      return "misfit: " + e.reason();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aChainThatLeadsToItsEndIsTrusted() {
    assertThat(judge(der(DIRECT), chain(ROOT_CERTIFICATE))).isEqualTo(TRUSTED);
    assertThat(judge(der(LEAF_CERTIFICATE), chain(MIDDLE_CERTIFICATE, ROOT_CERTIFICATE)))
        .isEqualTo(TRUSTED);
    assertThat(judge(pem(pemText(DIRECT)), chain(ROOT_CERTIFICATE))).isEqualTo(TRUSTED);
    assertThat(judge(pem("\n " + pemText(DIRECT) + "\r\n"), chain(ROOT_CERTIFICATE)))
        .isEqualTo(TRUSTED);
  }

  @Test
  void anIntermediateMayBeTheAnchor() {
    assertThat(judge(der(LEAF_CERTIFICATE), chain(MIDDLE_CERTIFICATE))).isEqualTo(TRUSTED);
  }

  @Test
  void onlyTheLastIsAnAnchor() {
    var stranger = Party.create("stranger");
    var strange = stranger.authority(stranger, span(-2, 2));
    assertThat(judge(der(DIRECT), chain(ROOT_CERTIFICATE, strange))).isEqualTo(UNKNOWN);
    assertThat(judge(der(LEAF_CERTIFICATE), chain(ROOT_CERTIFICATE))).isEqualTo(UNKNOWN);
    assertThat(judge(der(LEAF_CERTIFICATE), chain(MIDDLE_CERTIFICATE, strange))).isEqualTo(UNKNOWN);
  }

  @Test
  void anotherRootOfTheSameNameIsNone() {
    var impostor = Party.create("root");
    assertThat(judge(der(DIRECT), chain(impostor.authority(impostor, span(-2, 2)))))
        .startsWith("+{\"trusted\":false,\"reason\":\"Certificate ");
  }

  @Test
  void anEmptyChainTrustsNobodyAndAnAbsentOneJava() {
    assertThat(judge(der(DIRECT), chain())).isEqualTo(UNKNOWN);
    assertThat(judge(der(DIRECT), JsonNodeFactory.instance.nullNode())).isEqualTo(UNKNOWN);
    var payload = Json.object();
    payload.set("cert", der(DIRECT));
    payload.putNull("not_after");
    assertThat(ask(payload)).isEqualTo(UNKNOWN);
  }

  @Test
  void theTimesOfTheCertificateCount() {
    assertThat(judge(der(ROOT.entity(LEAF, span(-2, -1))), chain(ROOT_CERTIFICATE)))
        .isEqualTo(EXPIRED);
    assertThat(judge(der(ROOT.entity(LEAF, span(1, 2))), chain(ROOT_CERTIFICATE))).isEqualTo(EARLY);
  }

  @Test
  void theTimesOfIntermediatesCountAndThoseOfTheRootDoNot() {
    var longLeaf = MIDDLE.entity(LEAF, span(-3, 3));
    var expiredMiddle = ROOT.authority(MIDDLE, span(-2, -1));
    var futureMiddle = ROOT.authority(MIDDLE, span(1, 2));
    assertThat(judge(der(longLeaf), chain(expiredMiddle, ROOT_CERTIFICATE)))
        .startsWith("+{\"trusted\":false,\"reason\":\"Certificate ");
    assertThat(judge(der(longLeaf), chain(futureMiddle, ROOT_CERTIFICATE)))
        .startsWith("+{\"trusted\":false,\"reason\":\"Certificate ");
    var expiredRoot = ROOT.authority(ROOT, span(-3, -1));
    assertThat(judge(der(DIRECT), chain(expiredRoot))).isEqualTo(TRUSTED);
    assertThat(judge(der(LEAF_CERTIFICATE), chain(MIDDLE_CERTIFICATE, expiredRoot)))
        .isEqualTo(TRUSTED);
  }

  @Test
  void notAfterIsTheTimeToJudgeAt() {
    assertThat(judgeAt("2026-06-01T00:00:00Z")).isEqualTo(TRUSTED);
    assertThat(judgeAt("2027-05-31T23:59:59+00:00")).isEqualTo(TRUSTED);
    assertThat(judgeAt("2027-06-01T02:00:01+02:00")).isEqualTo(EXPIRED);
    assertThat(judgeAt("2025-05-31T23:59:59.999Z")).isEqualTo(EARLY);
    assertThat(judgeAt("+999999999-12-31T23:59:59Z")).isEqualTo(EXPIRED);
    assertThat(judgeAt("-999999999-01-01T00:00:00Z")).isEqualTo(EARLY);
    assertThat(judgeAt("")).isEqualTo(TRUSTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-06-01", "now", "1780272000", "2026-06-01T00:00:00", "2026-13-01T00:00:00Z"})
  void otherTimesAreAFailure(String text) {
    assertThat(judgeAt(text)).startsWith("-").contains("not_after is not in RFC3339 format");
  }

  @Test
  void notAfterMustBeThere() {
    var payload = Json.object();
    payload.set("cert", der(DIRECT));
    payload.set("cert_chain", chain(ROOT_CERTIFICATE));
    assertThat(ask(payload)).isEqualTo("misfit: payload.not_after is missing");
    payload.put("not_after", 5);
    assertThat(ask(payload)).startsWith("misfit: payload.not_after must be a string");
  }

  @Test
  void anAuthorityIsNoCertificateToJudge() {
    assertThat(judge(der(MIDDLE_CERTIFICATE), chain(ROOT_CERTIFICATE)))
        .startsWith("-")
        .contains("cert is the certificate of an authority");
  }

  @Test
  void anEndEntityIsNoIntermediate() {
    var below = LEAF.entity(Party.create("below"), span(-1, 1));
    assertThat(judge(der(below), chain(DIRECT, ROOT_CERTIFICATE)))
        .startsWith("+{\"trusted\":false,\"reason\":\"Certificate ");
  }

  @Test
  void whatIsMalformedIsAFailure() {
    var bytes = encoded(DIRECT);
    var text = pemText(DIRECT);
    for (var broken :
        List.of(
            der(new byte[0]),
            der(new byte[] {0x30, 0x03, 2, 1, 1}),
            der(Arrays.copyOf(bytes, bytes.length - 1)),
            der(Arrays.copyOf(bytes, bytes.length + 1)),
            der(text.getBytes(StandardCharsets.UTF_8)),
            pem(""),
            pem("x" + text),
            pem(text + text),
            pem(text + "x"),
            pem(text.replace("CERTIFICATE", "PUBLIC KEY")),
            pem(text.replaceFirst("M", "!")),
            pem("-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----"),
            pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
            given("Pem", bytes),
            given("PEM", text.getBytes(StandardCharsets.UTF_8)),
            given("", bytes))) {
      assertThat(judge(broken, chain(ROOT_CERTIFICATE)))
          .as(broken.toString())
          .startsWith("-Callback evaluation failure: cert");
      var inChain = JsonNodeFactory.instance.arrayNode().add(broken);
      assertThat(judge(der(DIRECT), inChain))
          .as(broken.toString())
          .startsWith("-Callback evaluation failure: cert_chain[0]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"256", "-1", "1.5", "\"1\"", "null", "[1]", "1e400", "99999999999"})
  void bytesAreFrom0To255(String value) throws Exception {
    var cert = Json.object().put("encoding", "Der");
    cert.set("data", Json.read("[48," + value + "]"));
    assertThat(judge(cert, chain(ROOT_CERTIFICATE)))
        .startsWith("misfit: payload.cert.data[1] must be an integer from 0 to 255");
  }

  @Test
  void listsAreLimited() {
    assertThat(judge(der(new byte[(1 << 20) + 1]), chain(ROOT_CERTIFICATE)))
        .contains("cert is larger than 1048576 bytes");
    assertThat(judge(der(new byte[1 << 20]), chain(ROOT_CERTIFICATE)))
        .contains("cert is no certificate that can be read");
    assertThat(judge(pem("-----BEGIN CERTIFICATE-----" + "A".repeat(1_000_000)), chain()))
        .contains("cert is not one certificate in PEM");
    var sixteen = new X509Certificate[16];
    Arrays.fill(sixteen, ROOT_CERTIFICATE);
    assertThat(judge(der(DIRECT), chain(sixteen))).isEqualTo(TRUSTED);
    var seventeen = new X509Certificate[17];
    Arrays.fill(seventeen, ROOT_CERTIFICATE);
    assertThat(judge(der(DIRECT), chain(seventeen))).contains("more than 16 certificates");
  }
}
