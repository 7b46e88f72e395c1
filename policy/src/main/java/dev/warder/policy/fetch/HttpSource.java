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
  private final TransferListener listener;

  HttpSource(HttpFollower http, ModuleStore store, FetchLimits limits, TransferListener listener) {
    this.http = http;
    this.store = store;
    this.limits = limits;
    this.listener = listener;
  }

  Outcome<StoredModule> fetch(
      ModuleReference.Http reference, Optional<Digest> expected, Deadline deadline) {
    var origin = HttpText.of(reference.uri());
    return store.receive(
        expected,
        origin,
        sink -> {
          try (var transfer = new Transfer(listener, origin)) {
            var watched = new WatchedSink(sink, transfer);
            var call = HttpCall.get(reference.uri(), Map.of(), watched, limits.maxModuleBytes());
            return http.send(call, deadline).then(HttpSource::onlyOk);
          }
        });
  }

  private static Outcome<HttpReply> onlyOk(HttpReply reply) {
    return reply.ok() ? Outcome.done(reply) : HttpFailures.status(reply);
  }
}
