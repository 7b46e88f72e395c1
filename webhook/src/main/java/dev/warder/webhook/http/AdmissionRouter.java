package dev.warder.webhook.http;

import dev.warder.webhook.http.BodyIntake.Received;
import dev.warder.webhook.metrics.OverloadCause;
import dev.warder.webhook.metrics.Phase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admission routes: checks that need no more than the head, then body, then queue. */
final class AdmissionRouter {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionRouter.class);

  private final Vertx vertx;
  private final AdmissionLimits limits;
  private final ReviewDesk desk;

  AdmissionRouter(Vertx vertx, AdmissionLimits limits, ReviewDesk desk) {
    this.vertx = vertx;
    this.limits = limits;
    this.desk = desk;
  }

  Router router() {
    var router = Router.router(vertx);
    router.route().handler(this::watch);
    for (var route : ReviewRoute.values()) {
      router.route("/" + route.path() + "/:id").handler(context -> review(route, context));
    }
    router.route().handler(context -> refuse(context, 404, "there is nothing at this path"));
    router.route().failureHandler(this::failed);
    // What fails before any route is reached, such as a path that cannot be decoded.
    router.errorHandler(400, context -> refuse(context, 400, "the request cannot be read"));
    router.errorHandler(500, this::failed);
    return router;
  }

  /** Measures the request, and ends it if its body does not arrive in time. */
  private void watch(RoutingContext context) {
    var begin = System.nanoTime();
    var request = context.request();
    var timer = vertx.setTimer(limits.bodyTime().toMillis(), late -> tooSlow(request));
    request.end().onComplete(end -> vertx.cancelTimer(timer));
    context.addEndHandler(
        end -> {
          desk.metrics().took(Phase.TOTAL, Duration.ofNanos(System.nanoTime() - begin));
          var status = context.response().getStatusCode();
          if (status != 200) {
            desk.metrics().refused(status);
          }
        });
    context.next();
  }

  private void tooSlow(HttpServerRequest request) {
    var response = request.response();
    if (response.ended()) {
      request.connection().close();
      return;
    }
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    Reply.error(408, "the body did not arrive within " + limits.bodyTime().toSeconds() + " s")
        .send(response)
        .onComplete(sent -> request.connection().close());
  }

  private void review(ReviewRoute route, RoutingContext context) {
    var deadline = Deadline.ofQuery(context.queryParams().get("timeout"));
    var request = context.request();
    var target = new Target(route, Objects.requireNonNull(context.pathParam("id")));
    if (declaredLength(request) > limits.bodyBytes()) {
      tooLarge(context);
    } else if (!HttpMethod.POST.equals(request.method())) {
      context.response().putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
      refuse(context, 405, "use POST");
    } else if (!isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
      refuse(context, 415, "the content type must be application/json");
    } else {
      BodyIntake.receive(
          context,
          limits.bodyBytes(),
          desk.gate(),
          received -> {
            switch (received) {
              case Received.TooLarge() -> tooLarge(context);
              case Received.NoRoom(var beginning) ->
                  desk.overloaded(target, beginning, OverloadCause.BODY_BYTES)
                      .send(context.response());
              case Received.Whole whole ->
                  new ReviewJob(desk, target, context, whole, deadline).submit();
            }
          });
    }
  }

  private void tooLarge(RoutingContext context) {
    refuse(context, 413, "the body is larger than " + limits.bodyBytes() + " bytes");
  }

  private static void refuse(RoutingContext context, int status, String message) {
    Reply.error(status, message).send(context.response());
  }

  /** The last resort: what Vert.x Web refuses by itself, and what nobody thought of. */
  private void failed(RoutingContext context) {
    var status = context.statusCode();
    if (status >= 400 && status < 500) {
      refuse(context, status, "the request cannot be read");
      return;
    }
    LOG.error("request to {} failed", context.request().path(), context.failure());
    Reply.internalError().send(context.response());
  }

  private static long declaredLength(HttpServerRequest request) {
    var header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    // Netty has checked that it is a number.
    return header == null ? 0 : Long.parseLong(header);
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    var type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }
}
