package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.SignedContent.Hashed;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a log entry says was signed, and by whom.
 *
 * @param signer its public key or certificate in DER
 */
record EntryBody(
    Bytes signature, Bytes signer, Hashed hashed, HashAlgorithm algorithm, Bytes hash) {

  static EntryBody parse(Bytes body) throws UnverifiedException {
    var json = StrictJson.read("the body of its log entry", body.array());
    var spec = json.object("spec");
    var kind = json.text("kind") + " " + json.text("apiVersion");
    return switch (kind) {
      case "hashedrekord 0.0.1" -> hashedRekord(spec);
      case "hashedrekord 0.0.2" -> hashedRekordV2(spec.object("hashedRekordV002"));
      case "dsse 0.0.1" -> dsse(spec);
      case "dsse 0.0.2" -> dsseV2(spec.object("dsseV002"));
      case "intoto 0.0.2" -> inToto(spec.object("content"));
      default ->
          throw new UnverifiedException(
              "its log entry is of a kind that does not tell what was signed");
    };
  }

  /** Passes if the entry is of this content, with this signature by this key or certificate. */
  void requireOf(SignedContent content, Bytes expectedSignature, Bytes expectedSigner)
      throws UnverifiedException {
    require(signature.equals(expectedSignature), "its log entry is of another signature");
    require(signer.equals(expectedSigner), "its log entry is of another key or certificate");
    require(
        content.hash(hashed, algorithm).equals(Optional.of(hash)),
        "its log entry is of other content");
  }

  private static EntryBody hashedRekord(StrictJson spec) throws UnverifiedException {
    var signature = spec.object("signature");
    return of(
        signature.bytes("content"),
        pem(signature.object("publicKey").bytes("content")),
        Hashed.MESSAGE,
        spec.object("data").object("hash"));
  }

  private static EntryBody hashedRekordV2(StrictJson spec) throws UnverifiedException {
    var signature = spec.object("signature");
    var data = spec.object("data");
    return new EntryBody(
        signature.bytes("content"),
        signerV2(signature.object("verifier")),
        Hashed.MESSAGE,
        HashAlgorithm.named(data.text("algorithm")),
        data.bytes("digest"));
  }

  private static EntryBody dsse(StrictJson spec) throws UnverifiedException {
    var signature = only(spec);
    return of(
        signature.bytes("signature"),
        pem(signature.bytes("verifier")),
        Hashed.PAYLOAD,
        spec.object("payloadHash"));
  }

  private static EntryBody dsseV2(StrictJson spec) throws UnverifiedException {
    var signature = only(spec);
    var hash = spec.object("payloadHash");
    return new EntryBody(
        signature.bytes("content"),
        signerV2(signature.object("verifier")),
        Hashed.PAYLOAD,
        HashAlgorithm.named(hash.text("algorithm")),
        hash.bytes("digest"));
  }

  private static EntryBody inToto(StrictJson content) throws UnverifiedException {
    var signature = only(content.object("envelope"));
    // Rekor encodes this one twice.
    var inner = new String(signature.bytes("sig").array(), StandardCharsets.ISO_8859_1);
    return of(
        Bytes.ofBase64(inner)
            .orElseThrow(() -> new UnverifiedException("its log entry has no readable signature")),
        pem(signature.bytes("publicKey")),
        Hashed.PAYLOAD,
        content.object("payloadHash"));
  }

  private static EntryBody of(Bytes signature, Bytes signer, Hashed hashed, StrictJson hash)
      throws UnverifiedException {
    try {
      return new EntryBody(
          signature,
          signer,
          hashed,
          HashAlgorithm.named(hash.text("algorithm")),
          new Bytes(HexFormat.of().parseHex(hash.text("value"))));
    } catch (IllegalArgumentException _) {
      throw new UnverifiedException(hash.what() + ".value is no hex");
    }
  }

  private static StrictJson only(StrictJson json) throws UnverifiedException {
    var signatures = json.objects("signatures", 1);
    require(!signatures.isEmpty(), "its log entry has no signature");
    return signatures.getFirst();
  }

  private static Bytes pem(Bytes content) throws UnverifiedException {
    var text = new String(content.array(), StandardCharsets.ISO_8859_1);
    return Pem.decode(text, "CERTIFICATE")
        .or(() -> Pem.decode(text, "PUBLIC KEY"))
        .orElseThrow(
            () -> new UnverifiedException("its log entry names neither a certificate nor a key"));
  }

  private static Bytes signerV2(StrictJson verifier) throws UnverifiedException {
    return verifier.has("x509Certificate")
        ? verifier.object("x509Certificate").bytes("rawBytes")
        : verifier.object("publicKey").bytes("rawBytes");
  }
}
