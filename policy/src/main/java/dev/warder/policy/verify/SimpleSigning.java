package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.reference.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The payload of a layer that {@code cosign sign} pushes to the tag {@code sha256-….sig}. */
record SimpleSigning(Bytes payload) implements SignedContent {
  private static final String INDEX = "index.";
  private static final String DOCKER_HUB = "docker.io/";
  private static final String TYPE = "cosign container image signature";

  @Override
  public String format() {
    return "simple signing";
  }

  @Override
  public boolean isSignedBy(VerifierKey key, Bytes signature) {
    return key.verifies(payload.array(), signature.array());
  }

  @Override
  public Optional<Bytes> hash(Hashed hashed, HashAlgorithm algorithm) {
    return hashed == Hashed.MESSAGE ? Optional.of(algorithm.of(payload.array())) : Optional.empty();
  }

  @Override
  public Claims claims(Digest manifest) throws UnverifiedException {
    var json = StrictJson.read("its payload", payload.array());
    var critical = json.object("critical");
    require(
        critical.text("type").equals(TYPE), "its payload is of another type than \"" + TYPE + "\"");
    require(
        critical.object("image").text("docker-manifest-digest").equals(manifest.toString()),
        "it is the signature of another digest");
    return new Claims(
        annotations(json.object("optional")),
        critical
            .object("identity")
            .optionalText("docker-reference")
            .map(SimpleSigning::repository));
  }

  /** Numbers and truth values count by their text; what is no single value cannot be asked for. */
  static Map<String, String> annotations(StrictJson json) {
    var annotations = new TreeMap<String, String>();
    for (var member : json.node().properties()) {
      JsonNode value = member.getValue();
      if (value.isValueNode() && !value.isNull()) {
        annotations.put(member.getKey(), value.asText());
      }
    }
    return annotations;
  }

  /** Some tools sign with a tag or a digest behind the repository, and Docker Hub has two names. */
  private static String repository(String reference) {
    var at = reference.indexOf('@');
    var name = at < 0 ? reference : reference.substring(0, at);
    var colon = name.lastIndexOf(':');
    var repository = colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    return repository.startsWith(INDEX + DOCKER_HUB)
        ? repository.substring(INDEX.length())
        : repository;
  }
}
