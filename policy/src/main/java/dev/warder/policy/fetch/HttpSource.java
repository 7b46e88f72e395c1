package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.util.Map;
import java.util.Optional;

/** Modules on web servers. */
final class HttpSource {
  private final HttpFollower http;
  private final ModuleStore store;
  private final FetchLimits limits;

  HttpSource(HttpFollower http, ModuleStore store, FetchLimits limits) {
    this.http = http;
    this.store = store;
    this.limits = limits;
  }

  Outcome<StoredModule> fetch(
      ModuleReference.Http reference, Optional<Digest> expected, Deadline deadline) {
    var origin = HttpText.of(reference.uri());
    return store.receive(
        expected,
        origin,
        sink -> {
          var call = HttpCall.get(reference.uri(), Map.of(), sink, limits.maxModuleBytes());
          return http.send(call, deadline).then(HttpSource::onlyOk);
        });
  }

  private static Outcome<HttpReply> onlyOk(HttpReply reply) {
    return reply.ok() ? Outcome.done(reply) : HttpFailures.status(reply);
  }
}
