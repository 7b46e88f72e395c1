package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Small files of web servers that are no modules. All reads of one visit together are limited in
 * time like one fetch.
 */
public final class RemoteFiles {
  private final CurrentAccess access;
  private final Deadline deadline;

  RemoteFiles(CurrentAccess access, Deadline deadline) {
    this.access = access;
    this.deadline = deadline;
  }

  /** The file, if there is one. Fails with {@code ModuleTooLarge} beyond so many bytes. */
  public Outcome<Optional<byte[]>> get(URI uri, long maxBytes) {
    return access.use(
        entered -> {
          var sink = new MemorySink();
          var call = HttpCall.get(uri, Map.of(), sink, maxBytes);
          return entered.http().send(call, deadline).then(reply -> content(reply, sink));
        });
  }

  private static Outcome<Optional<byte[]>> content(HttpReply reply, MemorySink sink) {
    return switch (reply.status()) {
      // Storage services answer 403 for what they do not have.
      case 403, 404, 410 -> Outcome.done(Optional.empty());
      default ->
          reply.ok() ? Outcome.done(Optional.of(sink.content())) : HttpFailures.status(reply);
    };
  }
}
