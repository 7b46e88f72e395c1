package dev.warder.policy.verify;

import static dev.warder.policy.verify.PrivateSigstore.base64;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.verify.StoredSignature.Format;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs as cosign does, step by step. Each field is right as it is; who attacks changes one of them
 * before a step takes it.
 */
final class Signing {
  static final Digest MANIFEST = Digest.of("manifest".getBytes(StandardCharsets.UTF_8));
  static final Instant SIGNED = PrivateSigstore.NOW.plus(Duration.ofMinutes(1));

  SigningKey key = SigningKey.p256();
  Digest manifest = MANIFEST;
  String repository = MapRepository.NAME;
  String type = "cosign container image signature";
  String predicateType = "https://sigstore.dev/cosign/sign/v1";
  String payloadType = "application/vnd.in-toto+json";
  Object optional = Map.of("env", "prod", "build", 42);

  /** Which cosign leaves out. */
  Optional<String> subjectName = Optional.empty();

  Optional<X509Certificate> certificate = Optional.empty();

  byte[] signature = new byte[0];

  /** What is delivered; the signature is over what it was when it was made. */
  byte[] payload = new byte[0];

  Optional<SigningKey> log = Optional.empty();
  boolean promised = true;
  boolean proven = true;
  @Nullable Supplier<Map<String, Object>> proof;
  Instant logged = SIGNED;
  byte[] body = new byte[0];
  byte[] promise = new byte[0];
  List<byte[]> timestamps = new ArrayList<>();

  /** With a key and without a log. */
  static Signing keyed() {
    return new Signing();
  }

  /** With a certificate and an entry in the log of the first generation. */
  static Signing keyless(PrivateSigstore sigstore, PrivateSigstore.Subject subject) {
    var signing = new Signing();
    signing.certificate = Optional.of(sigstore.certify(subject, signing.key));
    signing.log = Optional.of(sigstore.log);
    return signing;
  }

  /** Makes and signs the payload of simple signing, and has it logged. */
  Signing signLayer() {
    payload =
        Json.bytes(
            new TreeMap<>(
                Map.of(
                    "critical",
                    Map.of(
                        "identity",
                        Map.of("docker-reference", repository),
                        "image",
                        Map.of("docker-manifest-digest", manifest.toString()),
                        "type",
                        type),
                    "optional",
                    optional)));
    signature = key.sign(payload);
    body = hashedRekord(HashAlgorithm.SHA_256.of(payload).array());
    return inLog();
  }

  /** Makes and signs the statement of a bundle, and has it logged. */
  Signing signEnvelope() {
    payload =
        Json.bytes(
            Map.of(
                "_type",
                "https://in-toto.io/Statement/v1",
                "subject",
                List.of(subject()),
                "predicateType",
                predicateType,
                "predicate",
                Map.of()));
    signature = key.sign(preAuthenticated());
    body =
        entry(
            "dsse",
            "0.0.1",
            Map.of(
                "payloadHash",
                hash(HashAlgorithm.SHA_256.of(payload).array()),
                "signatures",
                List.of(Map.of("signature", base64(signature), "verifier", base64(signerPem())))));
    return inLog();
  }

  private Map<String, Object> subject() {
    var subject = new HashMap<String, Object>();
    subject.put("digest", Map.of("sha256", manifest.hex()));
    subject.put("annotations", optional);
    subjectName.ifPresent(name -> subject.put("name", name));
    return subject;
  }

  /** Signs the manifest itself, and has it logged. */
  Signing signManifest(byte[] content) {
    manifest = Digest.of(content);
    payload = HexFormat.of().parseHex(manifest.hex());
    signature = key.sign(content);
    body = hashedRekord(payload);
    return inLog();
  }

  byte[] preAuthenticated() {
    var head = "DSSEv1 %d %s %d ".formatted(payloadType.length(), payloadType, payload.length);
    var all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    all.writeBytes(payload);
    return all.toByteArray();
  }

  /** Has the body promised again, after it was changed. */
  Signing inLog() {
    log.ifPresent(by -> promise = PrivateSigstore.promise(by, body, logged, 7));
    return this;
  }

  byte[] hashedRekord(byte[] hash) {
    return entry(
        "hashedrekord",
        "0.0.1",
        Map.of(
            "data",
            Map.of("hash", hash(hash)),
            "signature",
            Map.of(
                "content",
                base64(signature),
                "publicKey",
                Map.of("content", base64(signerPem())))));
  }

  static byte[] entry(String kind, String version, Map<String, Object> spec) {
    return Json.bytes(Map.of("kind", kind, "apiVersion", version, "spec", spec));
  }

  static Map<String, String> hash(byte[] hash) {
    return Map.of("algorithm", "sha256", "value", HexFormat.of().formatHex(hash));
  }

  byte[] signerPem() {
    return certificate
        .map(signer -> Pem.encode("CERTIFICATE", Certificates.der(signer).array()))
        .orElse(key.pem())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The annotations of a layer of simple signing. */
  Map<String, String> annotations() {
    var annotations = new HashMap<String, String>();
    annotations.put("dev.cosignproject.cosign/signature", base64(signature));
    certificate.ifPresent(
        signer ->
            annotations.put(
                "dev.sigstore.cosign/certificate",
                Pem.encode("CERTIFICATE", Certificates.der(signer).array())));
    log.ifPresent(by -> annotations.put("dev.sigstore.cosign/bundle", rekorBundle(by)));
    timestamps.forEach(
        timestamp ->
            annotations.put(
                "dev.sigstore.cosign/rfc3161timestamp",
                Json.write(Map.of("SignedRFC3161Timestamp", base64(timestamp)))));
    return annotations;
  }

  private String rekorBundle(SigningKey by) {
    return Json.write(
        Map.of(
            "SignedEntryTimestamp",
            base64(promise),
            "Payload",
            Map.of(
                "body",
                base64(body),
                "integratedTime",
                logged.getEpochSecond(),
                "logIndex",
                7,
                "logID",
                HexFormat.of().formatHex(PrivateSigstore.id(by)))));
  }

  /** As a layer of the tag of signatures. */
  StoredSignature layer() {
    return new StoredSignature(
        Format.SIMPLE_SIGNING, "layer 1", base64(payload), new TreeMap<>(annotations()));
  }

  /** As a bundle with an envelope. */
  StoredSignature envelope() {
    return bundle(
        "dsseEnvelope",
        Map.of(
            "payloadType",
            payloadType,
            "payload",
            base64(payload),
            "signatures",
            List.of(Map.of("sig", base64(signature)))));
  }

  /** As a bundle with a message signature. */
  StoredSignature message() {
    return bundle(
        "messageSignature",
        Map.of(
            "messageDigest",
            Map.of("algorithm", "SHA2_256", "digest", base64(payload)),
            "signature",
            base64(signature)));
  }

  private StoredSignature bundle(String member, Map<String, Object> content) {
    return new StoredSignature(
        Format.BUNDLE,
        "bundle 1",
        base64(
            Json.bytes(
                Map.of(
                    "mediaType",
                    MapRepository.BUNDLE,
                    member,
                    content,
                    "verificationMaterial",
                    material()))),
        new TreeMap<>());
  }

  private Map<String, Object> material() {
    var material = new HashMap<String, Object>();
    certificate.ifPresentOrElse(
        signer ->
            material.put("certificate", Map.of("rawBytes", Certificates.der(signer).base64())),
        () -> material.put("publicKey", Map.of("hint", "key")));
    log.ifPresent(by -> material.put("tlogEntries", List.of(entry(by))));
    material.put(
        "timestampVerificationData",
        Map.of(
            "rfc3161Timestamps",
            timestamps.stream()
                .map(timestamp -> Map.of("signedTimestamp", base64(timestamp)))
                .toList()));
    return material;
  }

  private Map<String, Object> entry(SigningKey by) {
    var entry = new HashMap<String, Object>();
    entry.put("logIndex", "7");
    entry.put("logId", Map.of("keyId", base64(PrivateSigstore.id(by))));
    entry.put("canonicalizedBody", base64(body));
    if (promised) {
      entry.put("integratedTime", Long.toString(logged.getEpochSecond()));
      entry.put("inclusionPromise", Map.of("signedEntryTimestamp", base64(promise)));
    }
    if (proven) {
      entry.put("inclusionProof", proof == null ? MerkleLog.proofOf(by, body) : proof.get());
    }
    return entry;
  }
}
