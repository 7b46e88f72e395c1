package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;

/** Small blobs, held in memory. */
final class Blobs {
  private Blobs() {}

  static Outcome<byte[]> inMemory(
      OciContent content,
      Digest digest,
      long maxBytes,
      Deadline deadline,
      TransferListener listener) {
    var sink = new MemorySink();
    var name = content.blobName(digest);
    var whenLarger =
        new Failure(
            Reason.ModuleTooLarge, name + " is larger than the limit of " + maxBytes + " bytes");
    try (var transfer = new Transfer(listener, name)) {
      return content
          .blob(digest, new WatchedSink(sink, transfer), maxBytes, whenLarger, deadline)
          .then(size -> checked(sink.content(), digest, name));
    }
  }

  private static Outcome<byte[]> checked(byte[] bytes, Digest digest, String name) {
    var actual = Digest.of(bytes);
    return actual.equals(digest)
        ? Outcome.done(bytes)
        : Outcome.failed(
            Reason.ModuleDigestMismatch,
            name + " has the digest " + actual + " instead; compare it with the publisher's");
  }
}
