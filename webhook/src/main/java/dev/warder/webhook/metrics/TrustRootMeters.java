package dev.warder.webhook.metrics;

import dev.warder.policy.tuf.TrustRootRefresh;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;

/** How the refresh of Sigstore's public trust root goes. */
public final class TrustRootMeters {
  private TrustRootMeters() {}

  public static void register(MeterRegistry registry, TrustRootRefresh refresh) {
    Gauge.builder(
            "warder_trust_root_refreshed_timestamp_seconds",
            refresh,
            at -> at.state().refreshed().map(Instant::getEpochSecond).orElse(0L))
        .description("When Sigstore's trust root was last found up to date or renewed; 0 if never")
        .register(registry);
    Gauge.builder(
            "warder_trust_root_refresh_failing",
            refresh,
            at -> at.state().failure().isPresent() ? 1 : 0)
        .description("1 if the last refresh of Sigstore's trust root failed; the former one counts")
        .register(registry);
  }
}
