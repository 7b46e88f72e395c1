package dev.warder.policy.tuf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.Request;
import dev.warder.policy.verify.Bytes;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.UnverifiedException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A repository with keys of its own; what a test changes goes into what is written next. */
final class TestRepository {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final JsonMapper JSON = new JsonMapper();

  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  List<Owner> rootKeys = List.of(Owner.make("EC"), Owner.make("EC"), Owner.make("Ed25519"));
  int threshold = 2;
  Owner online = Owner.make("RSA");
  List<Owner> targetsKeys = List.of(Owner.make("EC"));
  long timestampVersion = 1;
  long snapshotVersion = 1;
  long targetsVersion = 1;
  Instant timestampExpires = NOW.plus(Duration.ofDays(7));
  Instant longExpires = NOW.plus(Duration.ofDays(300));
  Instant rootExpires = longExpires;

  /** A key and how TUF names its kind. */
  record Owner(KeyPair pair, String type) {
    static Owner make(String kind) {
      try {
        return new Owner(KeyPairGenerator.getInstance(kind).generateKeyPair(), kind);
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    String id() {
      return Digest.of(pair.getPublic().getEncoded()).hex();
    }

    Map<String, Object> json() {
      var der = pair.getPublic().getEncoded();
      var pem =
          "-----BEGIN PUBLIC KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
              + "\n-----END PUBLIC KEY-----\n";
      return switch (type) {
        case "Ed25519" -> json("ed25519", "ed25519", HexFormat.of().formatHex(der, 12, der.length));
        case "RSA" -> json("rsa", "rsassa-pss-sha256", pem);
        default -> {
          var bits = ((java.security.interfaces.ECKey) pair.getPublic()).getParams().getOrder();
          yield json("ecdsa", "ecdsa-sha2-nistp" + bits.bitLength(), pem);
        }
      };
    }

    private static Map<String, Object> json(String type, String scheme, String value) {
      return Map.of("keytype", type, "scheme", scheme, "keyval", Map.of("public", value));
    }

    byte[] sign(byte[] message) {
      try {
        var signature = Signature.getInstance(algorithm());
        if (type.equals("RSA")) {
          signature.setParameter(
              new PSSParameterSpec(
                  "SHA-256", "MGF1", java.security.spec.MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.initSign(pair.getPrivate());
        signature.update(message);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    private String algorithm() {
      return switch (type) {
        case "Ed25519" -> "Ed25519";
        case "RSA" -> "RSASSA-PSS";
        default ->
            ((java.security.interfaces.ECKey) pair.getPublic()).getParams().getOrder().bitLength()
                    == 256
                ? "SHA256withECDSA"
                : "SHA384withECDSA";
      };
    }
  }

  /** Writes a root that the present root keys, and those, sign. */
  byte[] root(long version, List<Owner> more) {
    var keys = new LinkedHashMap<String, Object>();
    var signers = new ArrayList<>(rootKeys);
    signers.addAll(more);
    for (var key : List.of(rootKeys, targetsKeys, List.of(online))) {
      key.forEach(one -> keys.put(one.id(), one.json()));
    }
    var roles =
        Map.of(
            "root", role(rootKeys, threshold),
            "timestamp", role(List.of(online), 1),
            "snapshot", role(List.of(online), 1),
            "targets", role(targetsKeys, 1));
    var root =
        signed(
            "root",
            version,
            rootExpires,
            Map.of("consistent_snapshot", true, "keys", keys, "roles", roles),
            signers);
    files.put(version + ".root.json", root);
    return root;
  }

  private static Map<String, Object> role(List<Owner> keys, int threshold) {
    return Map.of("keyids", keys.stream().map(Owner::id).toList(), "threshold", threshold);
  }

  /** Writes all but the root. */
  void publish(byte[] trustRoot) {
    var hash = Digest.of(trustRoot).hex();
    files.put("targets/" + hash + ".trusted_root.json", trustRoot);
    publish(Map.of("length", trustRoot.length, "hashes", Map.of("sha256", hash)));
  }

  void publish(Map<String, Object> target) {
    var targets =
        signed(
            "targets",
            targetsVersion,
            longExpires,
            Map.of("targets", Map.of("trusted_root.json", target)),
            targetsKeys);
    files.put(targetsVersion + ".targets.json", targets);
    publishSnapshot(
        Map.of(
            "version",
            targetsVersion,
            "hashes",
            Map.of("sha256", Digest.of(targets).hex()),
            "length",
            targets.length));
  }

  void publishSnapshot(Map<String, Object> targets) {
    files.put(
        snapshotVersion + ".snapshot.json",
        signed(
            "snapshot",
            snapshotVersion,
            longExpires,
            Map.of("meta", Map.of("targets.json", targets)),
            List.of(online)));
    publishTimestamp();
  }

  void publishTimestamp() {
    files.put(
        "timestamp.json",
        signed(
            "timestamp",
            timestampVersion,
            timestampExpires,
            Map.of("meta", Map.of("snapshot.json", Map.of("version", snapshotVersion))),
            List.of(online)));
  }

  /** All versions one higher. */
  void next() {
    timestampVersion++;
    snapshotVersion++;
    targetsVersion++;
  }

  static byte[] signed(
      String type, long version, Instant expires, Map<String, Object> more, List<Owner> signers) {
    var content = new TreeMap<String, Object>(more);
    content.put("_type", type);
    content.put("spec_version", "1.0.31");
    content.put("version", version);
    content.put("expires", expires.toString());
    JsonNode node = JSON.valueToTree(content);
    try {
      var canonical = CanonicalJson.of(node);
      var signatures =
          signers.stream()
              .map(
                  key ->
                      Map.of(
                          "keyid", key.id(), "sig", HexFormat.of().formatHex(key.sign(canonical))))
              .collect(Collectors.toList());
      return JSON.writerWithDefaultPrettyPrinter()
          .writeValueAsBytes(Map.of("signed", node, "signatures", signatures));
    } catch (UnverifiedException | JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  TrustAnchor anchor(byte[] root) {
    return anchor(root, TrustRoot.publicGood());
  }

  static TrustAnchor anchor(byte[] root, TrustRoot release) {
    return new TrustAnchor(new Bytes(root), 1, release);
  }

  /** What a web server answers that has it under {@code /tuf}. */
  Answer answer(Request request) {
    return Optional.ofNullable(files.get(request.path().replaceFirst("^/tuf/", "")))
        .map(content -> Answer.ok("application/json", content))
        .orElseGet(() -> Answer.status(404));
  }
}
