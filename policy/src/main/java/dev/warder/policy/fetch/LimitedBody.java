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
final class LimitedBody implements BodySubscriber<Outcome<BodyEnd>> {
  private final HttpCall call;
  private final long declaredBytes;
  private final Runnable onProgress;
  private final CompletableFuture<Outcome<BodyEnd>> end = new CompletableFuture<>();
  private @Nullable Subscription subscription;
  private long received;

  /**
   * @param offset how many bytes the sink has that come before this body
   * @param declaredBytes what the answer says of its length, if anything, else -1
   * @param onProgress called for every piece
   */
  LimitedBody(HttpCall call, long offset, long declaredBytes, Runnable onProgress) {
    this.call = call;
    this.received = offset;
    this.declaredBytes = declaredBytes;
    this.onProgress = onProgress;
  }

  @Override
  public CompletionStage<Outcome<BodyEnd>> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    if (declaredBytes > call.maxBytes() - received) {
      stop(new Outcome.Failed<>(call.whenLarger()));
      return;
    }
    if (declaredBytes >= 0) {
      call.sink().expect(received + declaredBytes);
    }
    try {
      if (received == 0) {
        // The server may have begun anew although it was asked to go on.
        call.sink().restart();
      }
      subscription.request(1);
    } catch (IOException e) {
      stop(ModuleStore.failed(e));
    }
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    onProgress.run();
    for (var piece : pieces) {
      received += piece.remaining();
      if (received > call.maxBytes()) {
        stop(new Outcome.Failed<>(call.whenLarger()));
        return;
      }
      try {
        call.sink().write(piece);
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
    end.complete(Outcome.done(new BodyEnd(true, received)));
  }

  private void stop(Outcome<BodyEnd> outcome) {
    end.complete(outcome);
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
