package dev.warder.webhook.http;

import dev.warder.webhook.http.FairQueue.Offer;
import dev.warder.webhook.metrics.OverloadCause;
import dev.warder.webhook.metrics.Phase;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One review from the end of its body to its reply. {@link #run} and {@link #tooLate} are for a
 * worker, all else for the event loop; exactly one of them replies.
 */
final class ReviewJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewJob.class);

  private final ReviewDesk desk;
  private final Target target;
  private final String lane;
  private final RoutingContext context;
  private final BodyIntake.Received.Whole received;
  private final Deadline deadline;
  private final Context eventLoop;
  private final long queuedAt = System.nanoTime();

  ReviewJob(
      ReviewDesk desk,
      Target target,
      RoutingContext context,
      BodyIntake.Received.Whole received,
      Deadline deadline) {
    this.desk = desk;
    this.target = target;
    // All that is not for a served policy shares a lane: clients must not make lanes.
    this.lane = PolicyLookup.find(desk.policies(), target.id()).isPresent() ? target.id() : "";
    this.context = context;
    this.received = received;
    this.deadline = deadline;
    this.eventLoop = context.vertx().getOrCreateContext();
  }

  @Override
  public String lane() {
    return lane;
  }

  @Override
  public void dropped() {
    overloaded(OverloadCause.QUEUE_FULL);
  }

  @Override
  public void tooLate() {
    eventLoop.runOnContext(now -> overloaded(OverloadCause.WAIT_TOO_LONG));
  }

  @Override
  public Deadline deadline() {
    return deadline;
  }

  /** Queues it, or replies at once that the server is overloaded. */
  void submit() {
    switch (desk.pool().submit(this)) {
      case Offer.Full() -> overloaded(OverloadCause.QUEUE_FULL);
      case Offer.WaitTooLong() -> overloaded(OverloadCause.WAIT_TOO_LONG);
      case Offer.Accepted(_) -> {
        var timer = at(deadline.remaining(), this::deadlinePassed);
        context.addEndHandler(
            end -> {
              context.vertx().cancelTimer(timer);
              leaveQueue();
            });
      }
    }
  }

  @Override
  public void run() {
    var begin = System.nanoTime();
    desk.metrics().took(Phase.QUEUE, Duration.ofNanos(begin - queuedAt));
    var reply = judge();
    received.lease().close();
    eventLoop.runOnContext(now -> reply.send(context.response()));
  }

  // The judge answers for what goes wrong in a policy; this is for what goes wrong around it, such
  // as a lack of memory while the body is decoded. The worker and the request must survive that.
  private Reply judge() {
    try {
      return desk.judge().judge(target, received.body().getBytes(), deadline);
    } catch (Throwable e) {
      LOG.error("review for policy {} failed", target.id(), e);
      return desk.failed(target, received.body());
    }
  }

  private void deadlinePassed() {
    if (desk.pool().withdraw(this)) {
      overloaded(OverloadCause.DEADLINE);
    } else {
      at(deadline.grace(), this::gracePassed);
    }
  }

  // A running evaluation has a time budget that ends at the deadline, so its reply is due by now.
  private void gracePassed() {
    if (!context.response().ended() && !context.response().closed()) {
      LOG.error("policy {} did not stop at its deadline", target.id());
      desk.outOfTime(target, received.body()).send(context.response());
    }
  }

  // Still queued at the end of the exchange: the client went away.
  private void leaveQueue() {
    if (desk.pool().withdraw(this)) {
      received.lease().close();
    }
  }

  private void overloaded(OverloadCause cause) {
    received.lease().close();
    desk.overloaded(target, received.body(), cause).send(context.response());
  }

  private long at(Duration delay, Runnable action) {
    return context.vertx().setTimer(Math.max(1, delay.toMillis()), now -> action.run());
  }
}
