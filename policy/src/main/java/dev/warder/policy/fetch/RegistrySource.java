package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Modules in registries, by the OCI distribution protocol. The tag is asked for once; all that
 * follows goes by digest, and every digest is computed again from the bytes that came.
 */
final class RegistrySource {
  private final HttpFollower http;
  private final RegistryEndpoint endpoint;
  private final ModuleStore store;
  private final FetchLimits limits;

  RegistrySource(
      HttpFollower http, RegistryEndpoint endpoint, ModuleStore store, FetchLimits limits) {
    this.http = http;
    this.endpoint = endpoint;
    this.store = store;
    this.limits = limits;
  }

  Outcome<FetchedModule> fetch(
      ModuleReference.Registry reference, Optional<Digest> expected, Deadline deadline) {
    var session =
        new RegistrySession(http, endpoint.of(reference.host()), reference.repository(), deadline);
    var manifests = new ManifestSource(session, limits.maxManifestBytes());
    return manifests
        .named(reference)
        .then(
            manifest ->
                manifests
                    .image(manifest)
                    .then(image -> image.module(manifest.origin()))
                    .then(layer -> module(session, layer, expected))
                    .map(
                        stored ->
                            FetchedModule.of(
                                reference, reference.pinnedTo(manifest.digest()), stored)));
  }

  private Outcome<StoredModule> module(
      RegistrySession session, Descriptor layer, Optional<Digest> expected) {
    var address = session.address("blobs/" + layer.digest());
    var origin = HttpText.of(address);
    if (expected.isPresent() && !expected.get().equals(layer.digest())) {
      return Outcome.failed(
          Reason.ModuleDigestMismatch,
          "the manifest names the module " + origin + " instead of " + expected.get());
    }
    if (layer.size() > limits.maxModuleBytes()) {
      return Outcome.failed(
          Reason.ModuleTooLarge,
          "%s has %d bytes, more than the limit of %d bytes"
              .formatted(origin, layer.size(), limits.maxModuleBytes()));
    }
    return store
        .find(layer.digest())
        .map(Outcome::done)
        .orElseGet(() -> download(session, layer, address, origin));
  }

  private Outcome<StoredModule> download(
      RegistrySession session, Descriptor layer, URI address, String origin) {
    var whenLarger =
        new Failure(
            Reason.ModuleDigestMismatch,
            origin + " goes on after the " + layer.size() + " bytes that the manifest names");
    return store.receive(
        Optional.of(layer.digest()),
        origin,
        sink ->
            session
                .get(new HttpGet(address, Map.of(), sink, layer.size(), whenLarger))
                .then(reply -> whole(reply, layer, origin)));
  }

  private static Outcome<HttpReply> whole(HttpReply reply, Descriptor layer, String origin) {
    return reply.size() == layer.size()
        ? Outcome.done(reply)
        : HttpFailures.unreachable(
            "%s ended after %d of %d bytes".formatted(origin, reply.size(), layer.size()),
            "check the registry");
  }
}
