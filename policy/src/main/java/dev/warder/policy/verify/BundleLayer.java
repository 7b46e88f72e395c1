package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a Sigstore bundle of version 0.1 to 0.3, in the JSON of protobuf. */
final class BundleLayer {
  private static final String FIRST = "application/vnd.dev.sigstore.bundle+json;version=0.1";
  private static final Set<String> MEDIA_TYPES =
      Set.of(
          FIRST,
          "application/vnd.dev.sigstore.bundle+json;version=0.2",
          "application/vnd.dev.sigstore.bundle+json;version=0.3",
          "application/vnd.dev.sigstore.bundle.v0.3+json");
  private static final int MAX_ENTRIES = 32;
  private static final int MAX_CERTIFICATES = 16;
  private static final int MAX_HASHES = 64;
  private static final int SHA256_BYTES = 32;

  private final StrictJson bundle;
  private final StrictJson material;

  private BundleLayer(StrictJson bundle) throws UnverifiedException {
    this.bundle = bundle;
    this.material = bundle.object("verificationMaterial");
  }

  static ImageSignature parse(StoredSignature layer) throws UnverifiedException {
    var content =
        Bytes.ofBase64(layer.content())
            .orElseThrow(() -> new UnverifiedException("its stored content is not base64"));
    return new BundleLayer(StrictJson.read("its bundle", content.array())).parse();
  }

  private ImageSignature parse() throws UnverifiedException {
    require(
        MEDIA_TYPES.contains(bundle.text("mediaType")),
        "its bundle is of no version from 0.1 to 0.3");
    require(
        bundle.has("dsseEnvelope") != bundle.has("messageSignature"),
        "its bundle must have either an envelope or a message signature");
    var entries = new ArrayList<LogEntry>();
    for (var entry : material.objects("tlogEntries", MAX_ENTRIES)) {
      require(
          entry.has("inclusionProof") || bundle.text("mediaType").equals(FIRST),
          "its log entry has no inclusion proof");
      entries.add(entry(entry));
    }
    return bundle.has("dsseEnvelope") ? envelope(entries) : message(entries);
  }

  private ImageSignature envelope(List<LogEntry> entries) throws UnverifiedException {
    var envelope = bundle.object("dsseEnvelope");
    var signatures = envelope.objects("signatures", 1);
    require(!signatures.isEmpty(), "its envelope has no signature");
    return new ImageSignature(
        new Envelope(envelope.text("payloadType"), envelope.bytes("payload")),
        signatures.getFirst().bytes("sig"),
        certificate(),
        entries,
        timestamps());
  }

  private ImageSignature message(List<LogEntry> entries) throws UnverifiedException {
    var message = bundle.object("messageSignature");
    var digest = message.object("messageDigest");
    var hash = digest.bytes("digest");
    require(
        digest.text("algorithm").equals("SHA2_256") && hash.length() == SHA256_BYTES,
        "its message digest is no SHA-256 hash");
    return new ImageSignature(
        new ManifestMessage(hash),
        message.bytes("signature"),
        certificate(),
        entries,
        timestamps());
  }

  /** The signer's; of a chain, which older bundles have, nothing else is believed. */
  private Optional<X509Certificate> certificate() throws UnverifiedException {
    var chain = material.object("x509CertificateChain").objects("certificates", MAX_CERTIFICATES);
    var raw =
        material.has("certificate")
            ? material.object("certificate").optionalBytes("rawBytes")
            : chain.isEmpty()
                ? Optional.<Bytes>empty()
                : chain.getFirst().optionalBytes("rawBytes");
    var certificate = raw.flatMap(Certificates::ofDer);
    require(raw.isPresent() == certificate.isPresent(), "its certificate cannot be read");
    return certificate;
  }

  private List<SignedTimestamp> timestamps() throws UnverifiedException {
    var timestamps = new ArrayList<SignedTimestamp>();
    for (var timestamp :
        material.object("timestampVerificationData").objects("rfc3161Timestamps", MAX_ENTRIES)) {
      timestamps.add(new SignedTimestamp(timestamp.bytes("signedTimestamp")));
    }
    return timestamps;
  }

  private static LogEntry entry(StrictJson entry) throws UnverifiedException {
    return new LogEntry(
        entry.bytes("canonicalizedBody"),
        entry.has("integratedTime") ? entry.number("integratedTime") : 0,
        entry.has("logIndex") ? entry.number("logIndex") : 0,
        entry.object("logId").bytes("keyId"),
        entry.object("inclusionPromise").optionalBytes("signedEntryTimestamp"),
        entry.has("inclusionProof")
            ? Optional.of(proof(entry.object("inclusionProof")))
            : Optional.empty());
  }

  /** Protobuf leaves numbers out that are 0. */
  private static InclusionProof proof(StrictJson proof) throws UnverifiedException {
    return new InclusionProof(
        proof.has("logIndex") ? proof.number("logIndex") : 0,
        proof.number("treeSize"),
        proof.bytes("rootHash"),
        proof.byteStrings("hashes", MAX_HASHES),
        Checkpoint.parse(proof.object("checkpoint").text("envelope")));
  }
}
