package dev.warder.policy.fetch;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** A body to send that tells when a piece of it leaves. */
record WatchedBody(BodyPublisher body, Runnable onProgress) implements BodyPublisher {
  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    body.subscribe(
        new Subscriber<>() {
          @Override
          public void onSubscribe(Subscription subscription) {
            subscriber.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer piece) {
            onProgress.run();
            subscriber.onNext(piece);
          }

          @Override
          public void onError(Throwable cause) {
            subscriber.onError(cause);
          }

          @Override
          public void onComplete() {
            subscriber.onComplete();
          }
        });
  }
}
