package dev.warder.webhook.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives one request body within a size limit and what the {@link ByteGate} has left. Lives on
 * the event loop. What is refused is read to its end and thrown away, so that the client can read
 * the refusal.
 */
final class BodyIntake {
  /** Of a body that cannot be held, this much is kept: the uid stands near the beginning. */
  static final int KEPT_BYTES = 16 << 10;

  /** What was received. */
  sealed interface Received {
    /** All of it; the lease must be closed when the body is no longer held. */
    record Whole(Buffer body, ByteGate.Lease lease) implements Received {}

    /** There was no room; only the beginning is there. */
    record NoRoom(Buffer beginning) implements Received {}

    /** More than the limit. */
    record TooLarge() implements Received {}
  }

  private final int limit;
  private final ByteGate.Lease lease;
  private final Consumer<Received> whenReceived;
  private @Nullable Buffer body = Buffer.buffer();

  private BodyIntake(int limit, ByteGate.Lease lease, Consumer<Received> whenReceived) {
    this.limit = limit;
    this.lease = lease;
    this.whenReceived = whenReceived;
  }

  /** Calls back once, or never if the exchange ends before the body does. */
  static void receive(
      RoutingContext context, int limit, ByteGate gate, Consumer<Received> whenReceived) {
    var intake = new BodyIntake(limit, gate.lease(), whenReceived);
    context.addEndHandler(end -> intake.forget());
    context.request().exceptionHandler(e -> intake.forget());
    context.request().handler(intake::add);
    context.request().endHandler(end -> intake.end());
  }

  private void add(Buffer chunk) {
    if (body == null) {
      return;
    }
    if (body.length() + (long) chunk.length() > limit) {
      forget();
      whenReceived.accept(new Received.TooLarge());
    } else if (lease.grow(chunk.length())) {
      body.appendBuffer(chunk);
    } else {
      var kept = body.appendBuffer(chunk).slice(0, Math.min(body.length(), KEPT_BYTES)).copy();
      forget();
      whenReceived.accept(new Received.NoRoom(kept));
    }
  }

  private void end() {
    if (body != null) {
      var whole = body;
      body = null;
      whenReceived.accept(new Received.Whole(whole, lease));
    }
  }

  /** Once the body is handed over, so is the lease. */
  private void forget() {
    if (body != null) {
      body = null;
      lease.close();
    }
  }
}
