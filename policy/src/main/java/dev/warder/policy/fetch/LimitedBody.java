package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Hands a body to a sink as it arrives, up to a size; ends with the number of bytes. */
final class LimitedBody implements BodySubscriber<Outcome<Long>> {
  private final HttpGet get;
  private final long declaredBytes;
  private final Runnable onProgress;
  private final CompletableFuture<Outcome<Long>> end = new CompletableFuture<>();
  private @Nullable Subscription subscription;
  private long received;

  /**
   * @param declaredBytes what the answer says of its length, if anything, else -1
   * @param onProgress called for every piece
   */
  LimitedBody(HttpGet get, long declaredBytes, Runnable onProgress) {
    this.get = get;
    this.declaredBytes = declaredBytes;
    this.onProgress = onProgress;
  }

  @Override
  public CompletionStage<Outcome<Long>> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    if (declaredBytes > get.maxBytes()) {
      stop(new Outcome.Failed<>(get.whenLarger()));
      return;
    }
    subscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    onProgress.run();
    for (var piece : pieces) {
      received += piece.remaining();
      if (received > get.maxBytes()) {
        stop(new Outcome.Failed<>(get.whenLarger()));
        return;
      }
      try {
        get.sink().write(piece);
      } catch (IOException e) {
        stop(ModuleStore.failed(e));
        return;
      }
    }
    if (subscription != null) {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable cause) {
    end.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    end.complete(Outcome.done(received));
  }

  private void stop(Outcome<Long> outcome) {
    end.complete(outcome);
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
