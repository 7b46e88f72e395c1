package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BearerChallengeTest {
  @Test
  void findsWhereTokensAreHad() {
    var challenge =
        BearerChallenge.find(
                List.of(
                    "Basic realm=\"x\"",
                    "bearer realm=\"https://auth.example/token?a=b\", service=\"reg\","
                        + "scope=\"repository:a/b:pull\""))
            .orElseThrow();
    assertThat(challenge.tokenAddress(challenge.scope().orElseThrow()))
        .hasToString("https://auth.example/token?a=b&service=reg&scope=repository%3Aa%2Fb%3Apull");
  }

  @Test
  void doesWithoutServiceAndScope() {
    var challenge =
        BearerChallenge.find(
                List.of("Basic realm=\"x\", Bearer realm=\"https://auth.example/token\""))
            .orElseThrow();
    assertThat(challenge.scope()).isEmpty();
    assertThat(challenge.tokenAddress("repository:a/b:pull"))
        .hasToString("https://auth.example/token?scope=repository%3Aa%2Fb%3Apull");
  }

  @Test
  void encodesTheForm() {
    var challenge =
        BearerChallenge.find(List.of("Bearer realm=\"https://auth.example/\",service=\"a&b\""))
            .orElseThrow();
    assertThat(challenge.grant("repository:a/b:pull", "t&k=n"))
        .isEqualTo(
            "grant_type=refresh_token&client_id=warder&service=a%26b"
                + "&scope=repository%3Aa%2Fb%3Apull&refresh_token=t%26k%3Dn");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic realm=\"x\"",
        "Bearer",
        "Bearer service=\"x\"",
        "Bearer realm=\"\"",
        "Bearer realm=\"/token\"",
        "Bearer realm=\":::\"",
        "Bearer realm=\"https://auth.example",
        "NotBearer realm=\"https://auth.example/\"",
      })
  void findsNone(String header) {
    assertThat(BearerChallenge.find(List.of(header))).isEmpty();
  }

  @Property
  void neverThrows(@ForAll String text) {
    assertThat(BearerChallenge.find(List.of("Bearer realm=\"" + text)))
        .satisfies(found -> found.ifPresent(one -> assertThat(one.tokenAddress("a")).isNotNull()));
  }
}
