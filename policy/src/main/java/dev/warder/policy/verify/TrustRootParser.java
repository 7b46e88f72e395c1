package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Reads Sigstore's trusted_root.json, alone or inside a ClientTrustConfig. */
final class TrustRootParser {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_ENTRIES = 64;
  private static final int MAX_CHAIN = 8;
  private static final String ROOT_TYPE = "application/vnd.dev.sigstore.trustedroot";

  /** Sigstore's staging instance has a key without the structure around it. */
  private static final String BARE_RSA = "PKCS1_RSA";

  private static final String CONFIG_TYPE = "application/vnd.dev.sigstore.clienttrustconfig";

  private TrustRootParser() {}

  static TrustRoot parse(byte[] bytes) throws UnverifiedException {
    require(bytes.length <= MAX_BYTES, "it is larger than " + MAX_BYTES + " bytes");
    var document = StrictJson.read("it", bytes);
    var json =
        document.optionalText("mediaType").orElse("").startsWith(CONFIG_TYPE)
                || document.has("trustedRoot")
            ? document.object("trustedRoot")
            : document;
    require(!json.node().isMissingNode(), "it has no trustedRoot");
    require(
        json.text("mediaType").startsWith(ROOT_TYPE),
        json.what() + ".mediaType is not that of a trust root");
    var signatureLogs = logs(json, "tlogs");
    require(!signatureLogs.isEmpty(), json.what() + ".tlogs names no log of signatures");
    var authorities = new ArrayList<CertificateChain>();
    for (var authority : json.objects("certificateAuthorities", MAX_ENTRIES)) {
      authorities.add(new CertificateChain(certificates(authority), period(authority)));
    }
    var timestampAuthorities = new ArrayList<TimestampAuthority>();
    for (var authority : json.objects("timestampAuthorities", MAX_ENTRIES)) {
      timestampAuthorities.add(timestampAuthority(authority));
    }
    return new TrustRoot(
        Digest.of(bytes),
        List.copyOf(authorities),
        signatureLogs,
        logs(json, "ctlogs"),
        List.copyOf(timestampAuthorities));
  }

  private static List<TransparencyLog> logs(StrictJson json, String name)
      throws UnverifiedException {
    var logs = new ArrayList<TransparencyLog>();
    for (var log : json.objects(name, MAX_ENTRIES)) {
      require(
          log.text("hashAlgorithm").equals("SHA2_256"),
          log.what() + ".hashAlgorithm is not SHA2_256");
      var key = log.object("publicKey");
      logs.add(
          new TransparencyLog(
              log.object("logId").bytes("keyId"),
              key(key),
              period(key),
              host(log.optionalText("baseUrl").orElse(""))));
    }
    return List.copyOf(logs);
  }

  private static VerifierKey key(StrictJson json) throws UnverifiedException {
    var raw = json.bytes("rawBytes");
    var der = json.optionalText("keyDetails").orElse("").startsWith(BARE_RSA) ? spki(raw) : raw;
    return VerifierKey.ofDer(der)
        .orElseThrow(
            () ->
                new UnverifiedException(
                    json.what() + ".rawBytes is no RSA, P-256, P-384 or Ed25519 key in DER"));
  }

  /** The key as it is written elsewhere. */
  private static Bytes spki(Bytes bareRsa) throws UnverifiedException {
    try {
      var algorithm =
          new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
      var key = RSAPublicKey.getInstance(bareRsa.array());
      return new Bytes(new SubjectPublicKeyInfo(algorithm, key).getEncoded(ASN1Encoding.DER));
    } catch (IOException | IllegalArgumentException | IllegalStateException _) {
      throw new UnverifiedException("a key of the trust root is no RSA key of PKCS#1");
    }
  }

  /** An authority may name its signer before those who issued it. */
  private static TimestampAuthority timestampAuthority(StrictJson json) throws UnverifiedException {
    var chain = certificates(json);
    var signer =
        chain.size() > 1 && chain.getFirst().getBasicConstraints() < 0
            ? Optional.of(chain.getFirst())
            : Optional.<X509Certificate>empty();
    return new TimestampAuthority(
        signer,
        new CertificateChain(
            signer.isPresent() ? chain.subList(1, chain.size()) : chain, period(json)));
  }

  private static List<X509Certificate> certificates(StrictJson json) throws UnverifiedException {
    var chain = new ArrayList<X509Certificate>();
    for (var certificate : json.object("certChain").objects("certificates", MAX_CHAIN)) {
      chain.add(
          Certificates.ofDer(certificate.bytes("rawBytes"))
              .orElseThrow(
                  () ->
                      new UnverifiedException(
                          certificate.what() + ".rawBytes is no X.509 certificate in DER")));
    }
    require(!chain.isEmpty(), json.what() + ".certChain has no certificates");
    return List.copyOf(chain);
  }

  private static Period period(StrictJson json) throws UnverifiedException {
    var validFor = json.object("validFor");
    var end = validFor.optionalText("end");
    return new Period(
        time(validFor, validFor.text("start")),
        end.isPresent() ? Optional.of(time(validFor, end.get())) : Optional.empty());
  }

  private static Instant time(StrictJson json, String text) throws UnverifiedException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException _) {
      throw new UnverifiedException(json.what() + " has a time that is not RFC 3339");
    }
  }

  private static String host(String url) {
    try {
      return Objects.requireNonNullElse(new URI(url).getHost(), "");
    } catch (URISyntaxException _) {
      return "";
    }
  }
}
