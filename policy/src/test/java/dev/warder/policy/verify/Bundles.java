package dev.warder.policy.verify;

import dev.warder.policy.verify.StoredSignature.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes bundles with certificates of one instance. */
record Bundles(PrivateSigstore sigstore) {
  /** Signed by a workflow, promised and proven by the log of the first generation. */
  Signing keyless() {
    return Signing.keyless(sigstore, sigstore.workflow("kubewarden/policies"));
  }

  /** A bundle whose log tells no time: there is a proof, but no promise. */
  Signing proven() {
    var signing = keyless().signEnvelope();
    signing.promised = false;
    return signing;
  }

  Signing secondGeneration() {
    var signing = proven();
    signing.log = Optional.of(sigstore.logV2);
    signing.timestamps.add(sigstore.timestamp(signing.signature, Signing.SIGNED));
    signing.body =
        Signing.entry(
            "hashedrekord",
            "0.0.2",
            Map.of(
                "hashedRekordV002",
                Map.of(
                    "data",
                    Map.of(
                        "algorithm",
                        "SHA2_256",
                        "digest",
                        HashAlgorithm.SHA_256.of(signing.preAuthenticated()).base64()),
                    "signature",
                    signatureV2(signing))));
    signing.proof =
        () -> MerkleLog.proofOf(sigstore.logV2, signing.body, "v2." + PrivateSigstore.HOST);
    return signing;
  }

  static byte[] dsseV2(Signing signing) {
    return Signing.entry(
        "dsse",
        "0.0.2",
        Map.of(
            "dsseV002",
            Map.of(
                "payloadHash",
                Map.of(
                    "algorithm",
                    "SHA2_256",
                    "digest",
                    HashAlgorithm.SHA_256.of(signing.payload).base64()),
                "signatures",
                List.of(signatureV2(signing)))));
  }

  private static Map<String, Object> signatureV2(Signing signing) {
    return Map.of(
        "content",
        PrivateSigstore.base64(signing.signature),
        "verifier",
        Map.of(
            "keyDetails",
            "PKIX_ECDSA_P256_SHA_256",
            "x509Certificate",
            Map.of("rawBytes", Certificates.der(signing.certificate.orElseThrow()).base64())));
  }

  static byte[] inToto(Signing signing) {
    var twice =
        PrivateSigstore.base64(
            PrivateSigstore.base64(signing.signature).getBytes(StandardCharsets.UTF_8));
    return Signing.entry(
        "intoto",
        "0.0.2",
        Map.of(
            "content",
            Map.of(
                "envelope",
                Map.of(
                    "signatures",
                    List.of(
                        Map.of(
                            "sig",
                            twice,
                            "publicKey",
                            PrivateSigstore.base64(signing.signerPem())))),
                "payloadHash",
                Signing.hash(HashAlgorithm.SHA_256.of(signing.payload).array()))));
  }

  static String json(Signing signing) {
    var bytes = Bytes.ofBase64(signing.envelope().content()).orElseThrow();
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  static StoredSignature stored(String json) {
    return new StoredSignature(
        Format.BUNDLE,
        "bundle 1",
        PrivateSigstore.base64(json.getBytes(StandardCharsets.UTF_8)),
        new TreeMap<>());
  }
}
