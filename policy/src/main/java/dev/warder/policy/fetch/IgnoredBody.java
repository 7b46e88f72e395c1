package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** The body of an answer that is no success: unread, as it could be endless. */
final class IgnoredBody implements BodySubscriber<Outcome<BodyEnd>> {
  @Override
  public CompletionStage<Outcome<BodyEnd>> getBody() {
    return CompletableFuture.completedFuture(Outcome.done(BodyEnd.IGNORED));
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.cancel();
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {}

  @Override
  public void onError(Throwable cause) {}

  @Override
  public void onComplete() {}
}
