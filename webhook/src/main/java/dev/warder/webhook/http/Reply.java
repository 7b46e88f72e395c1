package dev.warder.webhook.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** A status code and a JSON body. */
record Reply(int status, Buffer body) {
  private static final int MAX_MESSAGE_CHARS = 1000;

  static Reply verdict(byte[] review) {
    return new Reply(200, Buffer.buffer(review));
  }

  /** The one shape of all errors: {@code {"message": …, "status": …}}. */
  static Reply error(int status, String message) {
    var text =
        message.length() > MAX_MESSAGE_CHARS
            ? message.substring(0, MAX_MESSAGE_CHARS) + "…"
            : message;
    return new Reply(
        status, new JsonObject().put("message", text).put("status", status).toBuffer());
  }

  /** Nothing about the cause: that belongs in the log. */
  static Reply internalError() {
    return error(500, "Something went wrong");
  }

  /** Sends it, unless something was sent before or the client went away. */
  Future<Void> send(HttpServerResponse response) {
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    return response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body);
  }
}
