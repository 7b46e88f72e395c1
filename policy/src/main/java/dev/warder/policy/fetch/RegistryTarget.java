package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A repository of a registry that is written to. */
final class RegistryTarget implements OciTarget {
  private static final JsonMapper JSON = new JsonMapper();

  private final RegistrySession session;
  private final FetchLimits limits;
  private final TransferListener listener;

  RegistryTarget(RegistrySession session, FetchLimits limits, TransferListener listener) {
    this.session = session;
    this.limits = limits;
    this.listener = listener;
  }

  @Override
  public Outcome<Boolean> has(Digest blob) {
    return session
        .send(call(session.address("blobs/" + blob)).head(), deadline())
        .then(
            reply ->
                switch (reply.status()) {
                  case 200 -> Outcome.done(true);
                  case 404 -> Outcome.done(false);
                  default -> HttpFailures.status(reply);
                });
  }

  @Override
  public Outcome<Digest> put(Digest digest, byte[] blob) {
    var deadline = deadline();
    var begin = call(session.address("blobs/uploads/")).sending("POST", BodyPublishers.noBody());
    return session
        .send(begin, deadline)
        .then(reply -> reply.status() == 202 ? place(reply, digest) : refused(reply))
        .then(place -> send(digest, blob, place, deadline))
        .then(reply -> created(reply, digest));
  }

  private Outcome<HttpReply> send(Digest digest, byte[] blob, URI place, Deadline deadline) {
    var name = HttpText.of(session.address("blobs/" + digest));
    try (var transfer = new Transfer(listener, name)) {
      transfer.expect(blob.length);
      var body = new WatchedBody(BodyPublishers.ofByteArray(blob), transfer::reached);
      var call = call(place).with("content-type", "application/octet-stream").sending("PUT", body);
      return session.send(call, deadline);
    }
  }

  @Override
  public Outcome<Digest> put(RawManifest manifest, ManifestLinks links, Optional<String> tag) {
    var name = tag.orElse(manifest.digest().toString());
    var call =
        call(session.address("manifests/" + name))
            .with("content-type", links.type())
            .sending("PUT", BodyPublishers.ofByteArray(manifest.bytes()));
    return session
        .send(call, deadline())
        .then(
            reply ->
                created(reply, manifest.digest())
                    .then(
                        digest ->
                            links.subject().isEmpty()
                                    || reply.headers().firstValue("oci-subject").isPresent()
                                ? Outcome.done(digest)
                                : listed(manifest, links, links.subject().get())));
  }

  /** Adds a manifest to the tag that stands in for the referrers API. */
  private Outcome<Digest> listed(RawManifest manifest, ManifestLinks links, Digest subject) {
    var tag = "sha256-" + subject.hex();
    return existing(tag)
        .then(
            index -> {
              var manifests = index.withArrayProperty("manifests");
              for (var entry : manifests) {
                if (entry.path("digest").asText().equals(manifest.digest().toString())) {
                  return Outcome.done(manifest.digest());
                }
              }
              manifests
                  .addObject()
                  .put("mediaType", links.type())
                  .put("digest", manifest.digest().toString())
                  .put("size", manifest.bytes().length)
                  .put("artifactType", links.artifactType());
              var bytes = index.toString().getBytes(StandardCharsets.UTF_8);
              var call =
                  call(session.address("manifests/" + tag))
                      .with("content-type", ManifestParser.INDEX_TYPE)
                      .sending("PUT", BodyPublishers.ofByteArray(bytes));
              return session
                  .send(call, deadline())
                  .then(reply -> created(reply, Digest.of(bytes)))
                  .map(done -> manifest.digest());
            });
  }

  private Outcome<ObjectNode> existing(String tag) {
    var content = new MemorySink();
    var address = session.address("manifests/" + tag);
    var call =
        HttpCall.get(
            address,
            Map.of("accept", ManifestParser.INDEX_TYPE),
            content,
            limits.maxManifestBytes());
    return session
        .send(call, deadline())
        .then(
            reply ->
                switch (reply.status()) {
                  case 200 -> object(content.content(), address);
                  case 404 ->
                      Outcome.done(
                          JsonNodeFactory.instance
                              .objectNode()
                              .put("schemaVersion", 2)
                              .put("mediaType", ManifestParser.INDEX_TYPE));
                  default -> HttpFailures.status(reply);
                });
  }

  private static Outcome<ObjectNode> object(byte[] content, URI address) {
    try {
      if (JSON.readTree(content) instanceof ObjectNode object
          && object.path("manifests").isArray()) {
        return Outcome.done(object);
      }
    } catch (IOException e) {
      return ManifestDocument.invalid(HttpText.of(address) + " is not JSON");
    }
    return ManifestDocument.invalid(HttpText.of(address) + " is no index");
  }

  private Outcome<URI> place(HttpReply reply, Digest digest) {
    try {
      var place = reply.uri().resolve(reply.header("location"));
      // What is pushed, and the right to push it, are for this registry.
      if (HttpCall.sameOrigin(reply.uri(), place)) {
        var text = place.toString();
        return Outcome.done(
            URI.create(text + (text.contains("?") ? "&" : "?") + "digest=" + digest));
      }
      return Outcome.failed(
          Reason.ModuleSourceForbidden,
          HttpText.of(reply.uri())
              + " wants the upload to go to "
              + HttpText.of(place)
              + ", another host; push to that registry instead");
    } catch (IllegalArgumentException e) {
      return HttpFailures.unreachable(
          HttpText.of(reply.uri()) + " names no place for the upload", "check the registry");
    }
  }

  private static Outcome<Digest> created(HttpReply reply, Digest digest) {
    if (reply.status() != 201) {
      return refused(reply);
    }
    var announced = reply.header("docker-content-digest");
    return announced.isEmpty() || announced.equals(digest.toString())
        ? Outcome.done(digest)
        : Outcome.failed(
            Reason.ModuleDigestMismatch,
            "%s stored the digest %s instead of %s; check the registry"
                .formatted(HttpText.of(reply.uri()), announced, digest));
  }

  private static <T> Outcome<T> refused(HttpReply reply) {
    return switch (reply.status()) {
      case 401, 403, 404, 429 -> HttpFailures.status(reply);
      default ->
          HttpFailures.unreachable(
              HttpText.of(reply.uri()) + " refused the push with HTTP " + reply.status(),
              "check that the registry can be written to");
    };
  }

  private HttpCall call(URI address) {
    return HttpCall.get(address, Map.of(), new MemorySink(), limits.maxManifestBytes());
  }

  private Deadline deadline() {
    return Deadline.in(limits.totalTimeout());
  }
}
