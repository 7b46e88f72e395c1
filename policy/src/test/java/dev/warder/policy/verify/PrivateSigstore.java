package dev.warder.policy.verify;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** An instance of Sigstore: an authority, a log of certificates, logs of signatures, a clock. */
final class PrivateSigstore {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String HOST = "rekor.test";

  private static final Duration LIFE = Duration.ofDays(3650);
  private static final String SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";

  /** Who stands behind a certificate, and how the authority may fail to do its work. */
  record Subject(
      GeneralName name,
      String issuer,
      String repository,
      Instant notBefore,
      Duration life,
      KeyPurposeId purpose,
      Optional<SigningKey> certificateLog) {

    Subject named(GeneralName other, String otherIssuer) {
      return new Subject(other, otherIssuer, repository, notBefore, life, purpose, certificateLog);
    }

    Subject from(Instant time) {
      return new Subject(name, issuer, repository, time, life, purpose, certificateLog);
    }

    Subject usedFor(KeyPurposeId other) {
      return new Subject(name, issuer, repository, notBefore, life, other, certificateLog);
    }

    Subject loggedBy(Optional<SigningKey> log) {
      return new Subject(name, issuer, repository, notBefore, life, purpose, log);
    }
  }

  final SigningKey certificateLog = SigningKey.p256();
  final SigningKey log = SigningKey.p256();
  final SigningKey logV2 = SigningKey.ed25519();

  private final SigningKey rootKey = SigningKey.p384();
  private final SigningKey authorityKey = SigningKey.p384();
  private final SigningKey clockRootKey = SigningKey.p256();
  private final SigningKey clockKey = SigningKey.p256();
  private final X509Certificate root = authority("root", rootKey, "root", rootKey);
  private final X509Certificate authority = authority("authority", authorityKey, "root", rootKey);
  private final X509Certificate clockRoot =
      authority("clocks", clockRootKey, "clocks", clockRootKey);
  private final X509Certificate clock = clock();

  /** A workflow of GitHub in this repository. */
  Subject workflow(String repository) {
    return new Subject(
        uri("https://github.com/" + repository + "/.github/workflows/release.yml@refs/tags/v1"),
        "https://token.actions.githubusercontent.com",
        repository,
        NOW,
        Duration.ofMinutes(10),
        KeyPurposeId.id_kp_codeSigning,
        Optional.of(certificateLog));
  }

  static GeneralName uri(String text) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, text);
  }

  X509Certificate certify(Subject subject, SigningKey key) {
    return attempt(
        () -> {
          var before = certificate(subject, key, Optional.empty());
          if (subject.certificateLog().isEmpty()) {
            return converted(before);
          }
          var timestamps =
              timestamps(
                  subject.certificateLog().get(),
                  before.toASN1Structure().getTBSCertificate().getEncoded(),
                  subject.notBefore());
          return converted(certificate(subject, key, Optional.of(timestamps)));
        });
  }

  private X509CertificateHolder certificate(
      Subject subject, SigningKey key, Optional<byte[]> timestamps) throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=authority"),
            BigInteger.valueOf(17),
            Date.from(subject.notBefore()),
            Date.from(subject.notBefore().plus(subject.life())),
            new X500Name(""),
            key.pair().getPublic());
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(subject.purpose()));
    builder.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(subject.name()));
    raw(builder, "1.3.6.1.4.1.57264.1.1", subject.issuer().getBytes(StandardCharsets.UTF_8));
    raw(builder, "1.3.6.1.4.1.57264.1.5", subject.repository().getBytes(StandardCharsets.UTF_8));
    raw(builder, "1.3.6.1.4.1.57264.1.8", new DERUTF8String(subject.issuer()).getEncoded());
    if (timestamps.isPresent()) {
      raw(builder, SCT_LIST, new DEROctetString(timestamps.get()).getEncoded());
    }
    return builder.build(
        new JcaContentSignerBuilder("SHA384withECDSA").build(authorityKey.pair().getPrivate()));
  }

  private static void raw(X509v3CertificateBuilder builder, String oid, byte[] content)
      throws Exception {
    builder.addExtension(new ASN1ObjectIdentifier(oid), false, content);
  }

  private byte[] timestamps(SigningKey by, byte[] before, Instant time) {
    var issuerKey = Digest.sha256().digest(authority.getPublicKey().getEncoded());
    var signed =
        ByteBuffer.allocate(49 + before.length)
            .putShort((short) 0)
            .putLong(time.toEpochMilli())
            .putShort((short) 1)
            .put(issuerKey)
            .put((byte) 0)
            .putShort((short) before.length)
            .put(before)
            .putShort((short) 0);
    var signature = by.sign(signed.array());
    return ByteBuffer.allocate(51 + signature.length)
        .putShort((short) (49 + signature.length))
        .putShort((short) (47 + signature.length))
        .put((byte) 0)
        .put(id(by))
        .putLong(time.toEpochMilli())
        .putShort((short) 0)
        .put((byte) 4)
        .put((byte) 3)
        .putShort((short) signature.length)
        .put(signature)
        .array();
  }

  private static X509Certificate authority(
      String name, SigningKey key, String issuer, SigningKey by) {
    return attempt(
        () -> {
          var builder =
              new JcaX509v3CertificateBuilder(
                  new X500Name("CN=" + issuer),
                  BigInteger.valueOf(name.hashCode() & 0xffff),
                  Date.from(NOW.minus(LIFE)),
                  Date.from(NOW.plus(LIFE)),
                  new X500Name("CN=" + name),
                  key.pair().getPublic());
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
          builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
          return converted(
              builder.build(
                  new JcaContentSignerBuilder(by.algorithm()).build(by.pair().getPrivate())));
        });
  }

  private X509Certificate clock() {
    return attempt(
        () -> {
          var builder =
              new JcaX509v3CertificateBuilder(
                  new X500Name("CN=clocks"),
                  BigInteger.TWO,
                  Date.from(NOW.minus(LIFE)),
                  Date.from(NOW.plus(LIFE)),
                  new X500Name("CN=clock"),
                  clockKey.pair().getPublic());
          builder.addExtension(
              Extension.extendedKeyUsage,
              true,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
          return converted(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .build(clockRootKey.pair().getPrivate())));
        });
  }

  /** What a timestamp authority answers. */
  byte[] timestamp(byte[] signature, Instant time) {
    return attempt(
        () -> {
          var digests = new JcaDigestCalculatorProviderBuilder().build();
          var tokens =
              new TimeStampTokenGenerator(
                  new JcaSimpleSignerInfoGeneratorBuilder()
                      .build("SHA256withECDSA", clockKey.pair().getPrivate(), clock),
                  digests.get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
                  new ASN1ObjectIdentifier("1.2.3"));
          tokens.addCertificates(new JcaCertStore(List.of(clock)));
          var requests = new TimeStampRequestGenerator();
          requests.setCertReq(true);
          var request = requests.generate(TSPAlgorithms.SHA256, Digest.sha256().digest(signature));
          return new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED)
              .generate(request, BigInteger.ONE, Date.from(time))
              .getEncoded();
        });
  }

  /** The promise (SET) of a log of the first generation. */
  static byte[] promise(SigningKey by, byte[] body, Instant time, long index) {
    return by.sign(
        Json.bytes(
            Map.of(
                "body",
                base64(body),
                "integratedTime",
                time.getEpochSecond(),
                "logID",
                HexFormat.of().formatHex(id(by)),
                "logIndex",
                index)));
  }

  /** The trusted_root.json. */
  Map<String, Object> trustedRoot() {
    return Map.of(
        "mediaType",
        "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs",
        List.of(log("https://" + HOST, log), log("https://v2." + HOST, logV2)),
        "ctlogs",
        List.of(log("https://ct.test", certificateLog)),
        "certificateAuthorities",
        List.of(chain(authority, root)),
        "timestampAuthorities",
        List.of(chain(clock, clockRoot)));
  }

  TrustRoot trust() {
    return Outcomes.value(TrustRoot.parse(Json.bytes(trustedRoot())));
  }

  private static Map<String, Object> log(String url, SigningKey key) {
    return Map.of(
        "baseUrl",
        url,
        "hashAlgorithm",
        "SHA2_256",
        "publicKey",
        Map.of(
            "rawBytes",
            base64(key.der()),
            "keyDetails",
            key.algorithm().equals("Ed25519") ? "PKIX_ED25519" : "PKIX_ECDSA_P256_SHA_256",
            "validFor",
            period()),
        "logId",
        Map.of("keyId", base64(id(key))));
  }

  private static Map<String, Object> chain(X509Certificate... certificates) {
    var chain = new ArrayList<Map<String, String>>();
    for (var certificate : certificates) {
      chain.add(Map.of("rawBytes", Certificates.der(certificate).base64()));
    }
    return Map.of("certChain", Map.of("certificates", chain), "validFor", period());
  }

  private static Map<String, String> period() {
    return Map.of(
        "start", NOW.minus(LIFE).toString(), "end", NOW.plus(Duration.ofDays(300)).toString());
  }

  /** By which a log is told apart. */
  static byte[] id(SigningKey key) {
    return Digest.sha256().digest(key.der());
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static X509Certificate converted(X509CertificateHolder holder) throws Exception {
    return new JcaX509CertificateConverter().getCertificate(holder);
  }

  private interface Attempt<T> {
    T make() throws Exception;
  }

  private static <T> T attempt(Attempt<T> attempt) {
    try {
      return attempt.make();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
