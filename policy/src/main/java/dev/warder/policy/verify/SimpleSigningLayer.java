package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads a layer of simple signing and what its annotations hold. */
final class SimpleSigningLayer {
  private static final String SIGNATURE = "dev.cosignproject.cosign/signature";
  private static final String CERTIFICATE = "dev.sigstore.cosign/certificate";
  private static final String BUNDLE = "dev.sigstore.cosign/bundle";
  private static final String TIMESTAMP = "dev.sigstore.cosign/rfc3161timestamp";

  /**
   * The annotations that count. The chain is not among them: only certificates of the trust root
   * are believed.
   */
  static final List<String> ANNOTATIONS = List.of(SIGNATURE, CERTIFICATE, BUNDLE, TIMESTAMP);

  private final StoredSignature layer;

  private SimpleSigningLayer(StoredSignature layer) {
    this.layer = layer;
  }

  static ImageSignature parse(StoredSignature layer) throws UnverifiedException {
    return new SimpleSigningLayer(layer).parse();
  }

  private ImageSignature parse() throws UnverifiedException {
    var payload = Bytes.ofBase64(layer.content());
    var signature = annotation(SIGNATURE).flatMap(Bytes::ofBase64);
    require(payload.isPresent(), "its stored content is not base64");
    require(signature.isPresent(), "it has no annotation " + SIGNATURE + " with base64");
    return new ImageSignature(
        new SimpleSigning(payload.get()), signature.get(), certificate(), entries(), timestamps());
  }

  private Optional<String> annotation(String name) {
    return Optional.ofNullable(layer.annotations().get(name)).filter(value -> !value.isEmpty());
  }

  private Optional<X509Certificate> certificate() throws UnverifiedException {
    var pem = annotation(CERTIFICATE);
    var certificate = pem.flatMap(Certificates::ofPem);
    require(pem.isPresent() == certificate.isPresent(), "its certificate is no certificate in PEM");
    return certificate;
  }

  private List<LogEntry> entries() throws UnverifiedException {
    var bundle = annotation(BUNDLE);
    var entries = new ArrayList<LogEntry>();
    if (bundle.isPresent()) {
      entries.add(entry(StrictJson.read("its bundle", utf8(bundle.get()))));
    }
    return entries;
  }

  private static LogEntry entry(StrictJson bundle) throws UnverifiedException {
    var payload = bundle.object("Payload");
    try {
      return new LogEntry(
          payload.bytes("body"),
          payload.number("integratedTime"),
          payload.number("logIndex"),
          new Bytes(HexFormat.of().parseHex(payload.text("logID"))),
          Optional.of(bundle.bytes("SignedEntryTimestamp")),
          Optional.empty());
    } catch (IllegalArgumentException _) {
      throw new UnverifiedException("its bundle has a logID that is no hex");
    }
  }

  private List<SignedTimestamp> timestamps() throws UnverifiedException {
    var timestamp = annotation(TIMESTAMP);
    var timestamps = new ArrayList<SignedTimestamp>();
    if (timestamp.isPresent()) {
      timestamps.add(
          new SignedTimestamp(
              StrictJson.read("its timestamp", utf8(timestamp.get()))
                  .bytes("SignedRFC3161Timestamp")));
    }
    return timestamps;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
