package dev.warder.policy.wasi.compile;

import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.store.ProgramLimits;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** Reads what the child says and believes nothing of it. */
final class AnswerReader {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final DataInputStream in;
  private final ProgramLimits limits;
  private boolean greeted;
  private int blobs;
  private long total;

  AnswerReader(InputStream answers, ProgramLimits limits) {
    this.in = new DataInputStream(new BufferedInputStream(answers, BUFFER_BYTES));
    this.limits = limits;
  }

  /**
   * The next piece of the answer.
   *
   * @throws IOException if the stream ends or breaks
   */
  Answer next() throws IOException, GarbledException {
    if (!greeted) {
      var hello = in.readInt();
      if (hello != Protocol.HELLO) {
        throw new GarbledException("it began with 0x%08x".formatted(hello));
      }
      greeted = true;
    }
    var tag = in.readUnsignedByte();
    return switch (tag) {
      case Protocol.BLOB -> blob();
      case Protocol.DONE -> done();
      case Protocol.FAILED -> refused();
      case Protocol.OUT_OF_MEMORY -> new Answer.OutOfMemory();
      default -> throw new GarbledException("it sent a frame of kind 0x%02x".formatted(tag));
    };
  }

  private Answer blob() throws IOException, GarbledException {
    var name = Frames.readText(in, limits.nameBytes(), "the name of a part");
    var length = in.readInt();
    if (length < 0 || length > limits.blobBytes()) {
      throw new GarbledException(
          "a part has %d bytes, more than %d"
              .formatted(Integer.toUnsignedLong(length), limits.blobBytes()));
    }
    blobs++;
    total += length;
    return new Answer.Blob(name, Frames.readBytes(in, length));
  }

  private Answer done() throws IOException, GarbledException {
    var announcedBlobs = in.readInt();
    var announcedTotal = in.readLong();
    if (announcedBlobs != blobs || announcedTotal != total) {
      throw new GarbledException(
          "it sent %d parts of %d bytes and speaks of %d of %d"
              .formatted(blobs, total, announcedBlobs, announcedTotal));
    }
    blobs = 0;
    total = 0;
    return new Answer.Done();
  }

  private Answer refused() throws IOException, GarbledException {
    var name = Frames.readText(in, Protocol.MAX_REASON_BYTES, "the name of a reason");
    var message = Frames.readText(in, Protocol.MAX_MESSAGE_BYTES, "a message");
    blobs = 0;
    total = 0;
    return new Answer.Refused(
        new Failure(
            reason(name).orElseThrow(() -> new GarbledException("it gave an unknown reason")),
            message));
  }

  private static Optional<Reason> reason(String name) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.name().equals(name))
        .filter(
            reason -> reason.kind() == Reason.Kind.TERMINAL || reason.kind() == Reason.Kind.RETRY)
        .findFirst();
  }
}
