package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;

/** Signed certificate timestamps (RFC 6962) inside a certificate: promises of logs to show it. */
final class CertificateTimestamps {
  private static final ASN1ObjectIdentifier LIST =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
  private static final int EXTENSIONS_TAG = 3;
  private static final int ID_BYTES = 32;
  private static final int MAX_TIMESTAMPS = 16;
  private static final byte SHA256 = 4;

  private CertificateTimestamps() {}

  /** One promise; {@code extensions} is signed, but says nothing. */
  private record Timestamp(
      byte version, Bytes log, long millis, Bytes extensions, Bytes signature) {}

  /** Passes if a log of the trust root promised to show this certificate of this issuer. */
  static void requireLogged(
      X509Certificate certificate, X509Certificate issuer, List<TransparencyLog> logs)
      throws UnverifiedException {
    var extension = certificate.getExtensionValue(LIST.getId());
    require(extension != null, "its certificate has no signed certificate timestamp (SCT)");
    var timestamps = timestamps(extension);
    var entry = entry(certificate, issuer);
    for (var timestamp : timestamps) {
      for (var log : logs) {
        if (log.id().equals(timestamp.log())
            && timestamp.version() == 0
            && log.period().contains(Instant.ofEpochMilli(timestamp.millis()))
            && log.key().verifies(signed(timestamp, entry), timestamp.signature().array())) {
          return;
        }
      }
    }
    throw new UnverifiedException(
        "none of the %d signed certificate timestamps (SCT) in its certificate is by a log of the trust root"
            .formatted(timestamps.size()));
  }

  private static List<Timestamp> timestamps(byte[] extension) throws UnverifiedException {
    try {
      var octets = ASN1OctetString.getInstance(extension).getOctets();
      var list = ByteBuffer.wrap(ASN1OctetString.getInstance(octets).getOctets());
      require(list.getShort() == (short) list.remaining(), "the list of SCTs has a wrong length");
      var timestamps = new ArrayList<Timestamp>();
      while (list.hasRemaining()) {
        require(timestamps.size() < MAX_TIMESTAMPS, "its certificate has too many SCTs");
        timestamps.add(timestamp(ByteBuffer.wrap(take(list))));
      }
      return timestamps;
    } catch (IllegalArgumentException | IllegalStateException | BufferUnderflowException _) {
      throw new UnverifiedException("the signed certificate timestamps (SCT) cannot be read");
    }
  }

  private static Timestamp timestamp(ByteBuffer in) throws UnverifiedException {
    var version = in.get();
    var log = new byte[ID_BYTES];
    in.get(log);
    var millis = in.getLong();
    var extensions = take(in);
    require(in.get() == SHA256, "a signed certificate timestamp (SCT) is not over SHA-256");
    // The algorithm of the signature follows from the log's key.
    in.get();
    return new Timestamp(
        version, new Bytes(log), millis, new Bytes(extensions), new Bytes(take(in)));
  }

  private static byte[] take(ByteBuffer in) {
    var bytes = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(bytes);
    return bytes;
  }

  private static byte[] signed(Timestamp timestamp, byte[] entry) {
    return ByteBuffer.allocate(
            2 * Byte.BYTES
                + Long.BYTES
                + entry.length
                + Short.BYTES
                + timestamp.extensions().length())
        .put(timestamp.version())
        .put((byte) 0)
        .putLong(timestamp.millis())
        .put(entry)
        .putShort((short) timestamp.extensions().length())
        .put(timestamp.extensions().array())
        .array();
  }

  /** Type, issuer and the part of the certificate that was there before the timestamps. */
  private static byte[] entry(X509Certificate certificate, X509Certificate issuer)
      throws UnverifiedException {
    var before = withoutTimestamps(certificate);
    var issuerKey = Digest.sha256().digest(issuer.getPublicKey().getEncoded());
    return ByteBuffer.allocate(Short.BYTES + issuerKey.length + 3 + before.length)
        .putShort((short) 1)
        .put(issuerKey)
        .put((byte) (before.length >> 16))
        .putShort((short) before.length)
        .put(before)
        .array();
  }

  private static byte[] withoutTimestamps(X509Certificate certificate) throws UnverifiedException {
    try {
      var parts = new ArrayList<ASN1Encodable>();
      for (var part :
          ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(certificate.getTBSCertificate()))) {
        parts.add(
            part instanceof ASN1TaggedObject tagged && tagged.getTagNo() == EXTENSIONS_TAG
                ? withoutTimestamps(tagged)
                : part);
      }
      return new DERSequence(parts.toArray(ASN1Encodable[]::new)).getEncoded(ASN1Encoding.DER);
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | CertificateEncodingException _) {
      throw new UnverifiedException("its certificate cannot be read");
    }
  }

  private static ASN1Encodable withoutTimestamps(ASN1TaggedObject extensions) {
    var kept = new ArrayList<ASN1Encodable>();
    for (var extension : ASN1Sequence.getInstance(extensions, true)) {
      if (!ASN1Sequence.getInstance(extension).getObjectAt(0).equals(LIST)) {
        kept.add(extension);
      }
    }
    return new DERTaggedObject(
        true, EXTENSIONS_TAG, new DERSequence(kept.toArray(ASN1Encodable[]::new)));
  }
}
