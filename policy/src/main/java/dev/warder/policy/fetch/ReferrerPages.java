package dev.warder.policy.fetch;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a registry lists as referrers of a manifest, page after page. Signatures must not be
 * overlooked because a registry is confused, so a list that does not come whole is none.
 */
final class ReferrerPages {
  private static final int MAX_PAGES = 16;
  private static final Map<String, String> ACCEPT = Map.of("accept", ManifestParser.INDEX_TYPE);
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final RegistrySession session;
  private final long maxBytes;
  private final Deadline deadline;
  private final URI first;
  private final Set<URI> asked = new HashSet<>();
  private final Set<JsonNode> manifests = new LinkedHashSet<>();
  private long received;

  /**
   * @param maxBytes of all pages together
   */
  ReferrerPages(RegistrySession session, Digest subject, long maxBytes, Deadline deadline) {
    this.session = session;
    this.maxBytes = maxBytes;
    this.deadline = deadline;
    first = session.address("referrers/" + subject);
  }

  /** The index; empty if the registry has no such list, so that another must be looked for. */
  Outcome<Optional<RawManifest>> read() {
    return page(first);
  }

  private Outcome<Optional<RawManifest>> page(URI address) {
    asked.add(address);
    var content = new MemorySink();
    var whenLarger =
        new Failure(
            Reason.ModuleTooLarge,
            HttpText.of(first) + " is larger than the limit of " + maxBytes + " bytes");
    return session
        .send(HttpCall.get(address, ACCEPT, content, maxBytes - received, whenLarger), deadline)
        .then(reply -> answered(reply, content.content()));
  }

  private Outcome<Optional<RawManifest>> answered(HttpReply reply, byte[] page) {
    var type = ManifestParser.essence(reply.header("content-type"));
    if (!reply.ok() || !type.equals(ManifestParser.INDEX_TYPE)) {
      return asked.size() == 1 ? absent(reply) : unreadable("has a page that is no index");
    }
    received += page.length;
    return NextLink.of(reply)
        .then(
            next ->
                asked.size() == 1 && next.isEmpty()
                    ? Outcome.done(Optional.of(index(page)))
                    : add(page).then(done -> next.map(this::follow).orElseGet(this::merged)));
  }

  /** A registry without the API may answer anything, even its web page. */
  private static Outcome<Optional<RawManifest>> absent(HttpReply reply) {
    return switch (reply.status()) {
      case 200, 400, 404, 405 -> Outcome.done(Optional.empty());
      default -> HttpFailures.status(reply);
    };
  }

  private Outcome<Optional<RawManifest>> follow(URI next) {
    if (!HttpCall.sameOrigin(first, next) || !first.getPath().equals(next.getPath())) {
      return unreadable("goes on elsewhere, at " + HttpText.of(next));
    }
    if (asked.contains(next)) {
      return unreadable("goes on with a page that was there before");
    }
    return asked.size() == MAX_PAGES
        ? unreadable("has more than " + MAX_PAGES + " pages")
        : page(next);
  }

  private Outcome<Boolean> add(byte[] page) {
    try {
      var listed = JSON.readTree(page).path("manifests");
      if (listed.isArray()) {
        listed.forEach(manifests::add);
        return Outcome.done(true);
      }
    } catch (IOException e) {
      return unreadable("has a page that is not JSON");
    }
    return unreadable("has a page without a list of manifests");
  }

  private Outcome<Optional<RawManifest>> merged() {
    var index =
        JsonNodeFactory.instance
            .objectNode()
            .put("schemaVersion", 2)
            .put("mediaType", ManifestParser.INDEX_TYPE);
    index.putArray("manifests").addAll(manifests);
    return Outcome.done(Optional.of(index(index.toString().getBytes(StandardCharsets.UTF_8))));
  }

  private RawManifest index(byte[] bytes) {
    return new RawManifest(bytes, ManifestParser.INDEX_TYPE, HttpText.of(first));
  }

  private <T> Outcome<T> unreadable(String problem) {
    return HttpFailures.unreachable(
        "the list of " + HttpText.of(first) + " " + problem, "check the registry");
  }
}
