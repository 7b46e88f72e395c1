package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/** A response of a timestamp authority (RFC 3161): this signature existed at that time. */
record SignedTimestamp(Bytes response) {
  private static final int GRANTED = 0;
  private static final int GRANTED_WITH_MODIFICATIONS = 1;

  /** The time, if an authority of the trust root asserts it of these bytes. */
  Instant of(Bytes signature, List<TimestampAuthority> authorities) throws UnverifiedException {
    try {
      var token = token();
      require(
          MessageDigest.isEqual(
              hash(token, signature), token.getTimeStampInfo().getMessageImprintDigest()),
          "its timestamp is of another signature");
      var time = token.getTimeStampInfo().getGenTime().toInstant();
      for (var authority : authorities) {
        if (isBy(authority, token, time)) {
          return time;
        }
      }
      throw new UnverifiedException("its timestamp is by no authority of the trust root");
    } catch (IOException | TSPException | NoSuchAlgorithmException | RuntimeException _) {
      // On bytes like these the library also fails in ways that it did not think of.
      throw new UnverifiedException("its timestamp cannot be read");
    }
  }

  private TimeStampToken token() throws IOException, TSPException, UnverifiedException {
    var parsed = TimeStampResp.getInstance(response.array());
    require(
        new Bytes(parsed.getEncoded("DER")).length() == response.length(),
        "its timestamp has trailing bytes");
    var answer = new TimeStampResponse(parsed);
    require(
        answer.getStatus() == GRANTED || answer.getStatus() == GRANTED_WITH_MODIFICATIONS,
        "the timestamp authority granted no timestamp");
    var token = answer.getTimeStampToken();
    require(token != null, "its timestamp holds no token");
    return token;
  }

  private static byte[] hash(TimeStampToken token, Bytes signature)
      throws NoSuchAlgorithmException, UnverifiedException {
    var algorithm = token.getTimeStampInfo().getMessageImprintAlgOID();
    var name =
        algorithm.equals(NISTObjectIdentifiers.id_sha256)
            ? "SHA-256"
            : algorithm.equals(NISTObjectIdentifiers.id_sha384)
                ? "SHA-384"
                : algorithm.equals(NISTObjectIdentifiers.id_sha512) ? "SHA-512" : "";
    require(!name.isEmpty(), "its timestamp is over a hash that is not SHA-256, -384 or -512");
    return MessageDigest.getInstance(name).digest(signature.array());
  }

  private static boolean isBy(TimestampAuthority authority, TimeStampToken token, Instant time) {
    return authority.signer().map(List::of).orElseGet(() -> enclosed(token)).stream()
        .anyMatch(
            signer ->
                Certificates.mayBeUsedFor(signer, Certificates.TIME_STAMPING)
                    && authority.chain().certifies(signer, time)
                    && isSigned(token, signer));
  }

  private static List<X509Certificate> enclosed(TimeStampToken token) {
    try {
      var converter = new JcaX509CertificateConverter();
      var certificates = new ArrayList<X509Certificate>();
      for (var holder : token.getCertificates().getMatches(null)) {
        if (token.getSID().match(holder)) {
          certificates.add(converter.getCertificate(holder));
        }
      }
      return certificates;
    } catch (CertificateException _) {
      return List.of();
    }
  }

  private static boolean isSigned(TimeStampToken token, X509Certificate signer) {
    try {
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
      return true;
    } catch (TSPException | OperatorCreationException _) {
      return false;
    }
  }
}
