package dev.warder.policy.host.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** Something of the cluster cannot be read; the message is for guests and people. */
final class ReadFailedException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_CHARS = 500;

  private final boolean denied;

  ReadFailedException(String message) {
    this(message, false);
  }

  private ReadFailedException(String message, boolean denied) {
    super(message, null, false, false);
    this.denied = denied;
  }

  /** What the API server's answer means for whoever wanted that. */
  static ReadFailedException of(String what, Throwable thrown) {
    var e = answer(thrown);
    var code = e instanceof KubernetesClientException answer ? answer.getCode() : 0;
    return switch (code) {
      case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
          new ReadFailedException(
              what + ": the account that reads for policies may not: " + text(e), true);
      case HttpURLConnection.HTTP_NOT_FOUND -> new ReadFailedException(what + ": not found");
      default -> new ReadFailedException(what + ": " + text(e));
    };
  }

  /** The API server's answer, which the client wraps for those who did not wait for it. */
  private static Throwable answer(Throwable thrown) {
    for (var e = thrown; e != null; e = e.getCause()) {
      if (e instanceof KubernetesClientException answer && answer.getCode() != 0) {
        return answer;
      }
    }
    return thrown;
  }

  private static String text(Throwable e) {
    var status = e instanceof KubernetesClientException answer ? answer.getStatus() : null;
    var message =
        status != null && status.getMessage() != null
            ? status.getMessage()
            : String.valueOf(e.getMessage());
    var line = message.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "…";
  }

  /** Whether the account lacks a right. */
  boolean denied() {
    return denied;
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
