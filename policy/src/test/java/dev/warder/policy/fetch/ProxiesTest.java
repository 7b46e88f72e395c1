package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxiesTest {
  private static final URI PLAIN = URI.create("http://ghcr.io/v2/");
  private static final URI TLS = URI.create("https://ghcr.io/v2/");

  @Test
  void readsTheEnvironment() {
    var proxies =
        Outcomes.value(
            Proxies.of(
                Map.of("HTTP_PROXY", "http://one:3128", "https_proxy", "two", "no_proxy", "a.b")));
    assertThat(proxies.on(PLAIN)).contains(new ProxyServer("one", 3128, Optional.empty()));
    assertThat(proxies.on(TLS)).contains(new ProxyServer("two", 80, Optional.empty()));
    assertThat(proxies.on(URI.create("https://a.b/"))).isEmpty();
  }

  @Test
  void letsUpperCaseWin() {
    var proxies =
        Outcomes.value(Proxies.of(Map.of("HTTPS_PROXY", "upper:1", "https_proxy", "lower:1")));
    assertThat(proxies.on(TLS).orElseThrow().host()).isEqualTo("upper");
    assertThat(Outcomes.value(Proxies.of(Map.of("HTTPS_PROXY", "", "https_proxy", "x"))).on(TLS))
        .isEmpty();
  }

  @Test
  void readsCredentialsAndHidesThem() {
    var proxy =
        Outcomes.value(Proxies.of(Map.of("HTTP_PROXY", "http://bob:s3%20cr+t@one:3128")))
            .on(PLAIN)
            .orElseThrow();
    assertThat(proxy.authorization()).contains("Basic Ym9iOnMzIGNyK3Q=");
    assertThat(proxy.toString()).contains("one").doesNotContain("Ym9i");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://s3cr3t:s3cr3t@one:1",
        "socks5://s3cr3t@one:1",
        "http://s3cr3t:%zz@one",
        "s3cr3t:s3cr3t@",
        "http://",
        "a b",
      })
  void refusesOtherProxiesWithoutRepeatingThem(String text) {
    var failure = Outcomes.failure(Proxies.of(Map.of("HTTP_PROXY", text)));
    assertThat(failure.reason()).isEqualTo(Reason.SourcesInvalid);
    assertThat(failure.message()).contains("the proxy for HTTP").doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @CsvSource({
    "*, https://any.example/, true",
    "ghcr.io, https://ghcr.io/, true",
    "GHCR.io, https://ghcr.io:8443/, true",
    "ghcr.io, https://pkg.ghcr.io/, true",
    "ghcr.io, https://notghcr.io/, false",
    ".ghcr.io, https://pkg.ghcr.io/, true",
    ".ghcr.io, https://ghcr.io/, false",
    "*.ghcr.io, https://pkg.ghcr.io/, true",
    "*.ghcr.io, https://ghcr.io/, false",
    "ghcr.io:443, https://ghcr.io/, true",
    "ghcr.io:443, http://ghcr.io/, false",
    "ghcr.io:5000, https://ghcr.io:5000/, true",
    "10.1.2.3, http://10.1.2.3/, true",
    "10.1.2.3, http://10.1.2.30/, false",
    "10.1.0.0/16, http://10.1.255.3:5000/, true",
    "10.1.0.0/16, http://10.2.0.1/, false",
    "0.0.0.0/0, http://10.2.0.1/, true",
    "0.0.0.0/0, http://[::1]/, false",
    "::1, http://[::1]:5000/, true",
    "[::1], http://[::1]/, true",
    "fd00::/8, http://[fd12::1]/, true",
    "fd00::/8, http://[fe80::1]/, false",
    "10.0.0.0/8, http://ten.example/, false",
    "'a.b, c.d  e.f', http://e.f/, true",
    "'', http://e.f/, false",
  })
  void knowsWhatIsReachedDirectly(String rules, URI uri, boolean direct) {
    assertThat(Outcomes.value(NoProxy.parse(rules)).matches(uri)).isEqualTo(direct);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "a/8", "a:b", "*a*", "."})
  void refusesUnusableRules(String rule) {
    assertThat(Outcomes.failure(NoProxy.parse(rule)).message()).contains("\"" + rule + "\"");
  }

  @Property
  void neverThrows(@ForAll String text) {
    assertThat(Proxies.of(Map.of("NO_PROXY", text, "HTTP_PROXY", text))).isNotNull();
  }
}
