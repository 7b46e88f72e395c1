package dev.warder.webhook.http;

import dev.warder.webhook.metrics.WebhookMetrics;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Probes and metrics, on an event loop of their own. */
final class ManagementRouter {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementRouter.class);
  private static final int LIVE_SECONDS = 2;
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx;
  private final Context admissionLoop;
  private final Readiness readiness;
  private final WebhookMetrics metrics;

  /**
   * @param admissionLoop where the admission server lives
   */
  ManagementRouter(
      Vertx vertx, Context admissionLoop, Readiness readiness, WebhookMetrics metrics) {
    this.vertx = vertx;
    this.admissionLoop = admissionLoop;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  Router router() {
    var router = Router.router(vertx);
    router.get("/livez").handler(this::live);
    router.get("/readyz").handler(this::ready);
    // The name that policy-server has for it.
    router.get("/readiness").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
    router
        .route()
        .handler(
            context -> {
              var known = HttpMethod.GET.equals(context.request().method());
              Reply.error(known ? 404 : 405, known ? "there is nothing at this path" : "use GET")
                  .send(context.response());
            });
    router
        .route()
        .failureHandler(
            context -> {
              LOG.error("request to {} failed", context.request().path(), context.failure());
              Reply.internalError().send(context.response());
            });
    return router;
  }

  /** Alive is who still turns: a task must come round on the admission server's event loop. */
  private void live(RoutingContext context) {
    var turned = Promise.<Void>promise();
    admissionLoop.runOnContext(now -> turned.complete());
    turned
        .future()
        .timeout(LIVE_SECONDS, TimeUnit.SECONDS)
        .onSuccess(now -> text(context, 200, "ok\n"))
        .onFailure(
            late -> text(context, 503, "the admission server's event loop does not respond\n"));
  }

  private void ready(RoutingContext context) {
    var missing = readiness.missing();
    if (missing.isEmpty()) {
      text(context, 200, "ok\n");
    } else {
      text(context, 503, "not ready: " + String.join(", ", missing) + "\n");
    }
  }

  private void metrics(RoutingContext context) {
    vertx
        .executeBlocking(metrics::scrape)
        .onSuccess(
            scraped ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT)
                    .end(scraped))
        .onFailure(context::fail);
  }

  private static void text(RoutingContext context, int status, String body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .end(body);
  }
}
