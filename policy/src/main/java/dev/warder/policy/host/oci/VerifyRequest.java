package dev.warder.policy.host.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.MisfitException;
import dev.warder.policy.json.Shape;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.verify.ImageRules;
import dev.warder.policy.verify.ImageRules.Identity;
import dev.warder.policy.verify.VerificationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@code v1/verify} and {@code v2/verify} ask.
 *
 * @param variant as the field names it, such as {@code SigstorePubKeyVerify}
 * @param members in the variant's shape
 */
record VerifyRequest(String variant, JsonNode members) {
  private static final Map<String, Shape> VARIANTS =
      Map.of(
          "SigstorePubKeyVerify", OciPayloads.PUB_KEYS,
          "SigstoreKeylessVerify", OciPayloads.KEYLESS,
          "SigstoreKeylessPrefixVerify", OciPayloads.KEYLESS_PREFIX,
          "SigstoreGithubActionsVerify", OciPayloads.GITHUB,
          "SigstoreCertificateVerify", OciPayloads.CERTIFICATE);

  private static final Set<String> OF_V1 = Set.of("SigstorePubKeyVerify", "SigstoreKeylessVerify");

  /** An object with one member, which is named after the variant. */
  static VerifyRequest v1(JsonNode payload) throws MisfitException {
    var names = payload.fieldNames();
    var name = payload.isObject() && names.hasNext() ? names.next() : "";
    if (!OF_V1.contains(name) || names.hasNext()) {
      throw new MisfitException("payload must be an object with one member of " + OF_V1);
    }
    return of(name, payload.path(name));
  }

  /** An object whose member {@code type} names the variant. */
  static VerifyRequest v2(JsonNode payload) throws MisfitException {
    return of(payload.path("type").asText(""), payload);
  }

  private static VerifyRequest of(String variant, JsonNode members) throws MisfitException {
    var shape = VARIANTS.get(variant);
    if (shape == null) {
      throw new MisfitException("payload.type must be one of " + new TreeMap<>(VARIANTS).keySet());
    }
    return new VerifyRequest(variant, shape.fit(members, "payload"));
  }

  /** By which equal requests are known; certificates as lists of numbers are large. */
  Digest digest() {
    return Digest.of(Json.write(Json.object().set(variant, members)));
  }

  String image() {
    return members.path("image").textValue();
  }

  /** The rules that the image has to meet. */
  Outcome<VerificationConfig> rules() {
    return switch (variant) {
      case "SigstorePubKeyVerify" -> ImageRules.keys(texts("pub_keys"), annotations());
      case "SigstoreKeylessVerify" ->
          ImageRules.identities(identities("keyless", "subject"), annotations());
      case "SigstoreKeylessPrefixVerify" ->
          ImageRules.identityPrefixes(identities("keyless_prefix", "url_prefix"), annotations());
      case "SigstoreGithubActionsVerify" ->
          ImageRules.githubActions(
              members.path("owner").textValue(),
              Optional.ofNullable(members.path("repo").textValue()),
              annotations());
      default ->
          ImageRules.certificate(
              bytes(members.path("certificate")),
              chain(),
              members.path("require_rekor_bundle").booleanValue(),
              annotations());
    };
  }

  private List<byte[]> chain() {
    var chain = new ArrayList<byte[]>();
    members.path("certificate_chain").forEach(one -> chain.add(bytes(one)));
    return chain;
  }

  private List<String> texts(String name) {
    var texts = new ArrayList<String>();
    members.path(name).forEach(one -> texts.add(one.textValue()));
    return texts;
  }

  private List<Identity> identities(String name, String subject) {
    var identities = new ArrayList<Identity>();
    members
        .path(name)
        .forEach(
            one ->
                identities.add(
                    new Identity(one.path("issuer").textValue(), one.path(subject).textValue())));
    return identities;
  }

  private Map<String, String> annotations() {
    var annotations = new TreeMap<String, String>();
    members
        .path("annotations")
        .properties()
        .forEach(one -> annotations.put(one.getKey(), one.getValue().textValue()));
    return annotations;
  }

  private static byte[] bytes(JsonNode list) {
    var bytes = new byte[list.size()];
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) list.get(i).intValue();
    }
    return bytes;
  }
}
