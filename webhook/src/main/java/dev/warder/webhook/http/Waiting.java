package dev.warder.webhook.http;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for Vert.x from threads that may block. */
final class Waiting {
  /** What was waited for failed or did not come. The message is for a person. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1;

    FailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private Waiting() {}

  static <T> T await(Future<T> future, Duration time) throws FailedException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new FailedException(rootMessage(e), e);
    } catch (TimeoutException e) {
      throw new FailedException("no answer within " + time.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }

  private static String rootMessage(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
