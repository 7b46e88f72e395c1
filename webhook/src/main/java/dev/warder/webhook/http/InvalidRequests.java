package dev.warder.webhook.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is not HTTP, with the same kind of body as everything else. */
final class InvalidRequests {
  private InvalidRequests() {}

  static void refuse(HttpServerRequest request) {
    var reply =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException e -> Reply.error(414, "the request line is too long");
          case TooLongHttpHeaderException e -> Reply.error(431, "the headers are too long");
          case null, default -> Reply.error(400, "this is not an HTTP request");
        };
    var response = request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    reply.send(response).onComplete(sent -> request.connection().close());
  }
}
