package dev.warder.policy.fetch;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.testing.TestNames;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRuleTest {
  private static final AddressRule STRANGERS = AddressRule.forStrangers(Sources.none());

  private static void assertRefused(AddressRule rule, String host) {
    assertThat(rule.objection(URI.create("https://" + host + "/v2/")))
        .as(host)
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("is an address of this machine or of its surroundings")
                    .contains("list the host as a source to allow it"));
  }

  private static void assertAllowed(AddressRule rule, String host) {
    assertThat(rule.objection(URI.create("https://" + host + "/v2/"))).as(host).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254:5000",
        "localhost",
        "LOCALHOST:443",
        "0.0.0.0",
        "169.254.169.254",
        "169.254.170.2:80",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]:5000",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::169.254.169.254]",
        "[fe80::1]",
        "[febf::1]",
        "[ff02::1]",
        "[fd00:ec2::254]",
        "[fd20:ce::254]",
        "100.100.100.200",
        "168.63.129.16"
      })
  void whatIsHereOrAroundIsRefused(String host) {
    assertRefused(STRANGERS, host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1",
        "10.1.2.3",
        "172.16.0.1:5000",
        "192.168.0.1",
        "100.100.100.201",
        "[2001:db8::1]",
        "[fd00:ec2::253]",
        "[64:ff9b::192.0.2.1]",
        "[::ffff:192.0.2.1]"
      })
  void othersAreNot(String host) {
    assertAllowed(STRANGERS, host);
  }

  @Test
  void aNameIsAsGoodAsTheWorstOfItsAddresses() {
    name("own.rule.test", "127.0.0.1");
    name("mixed.rule.test", "192.0.2.1", "2001:db8::1", "fe80::1");
    name("good.rule.test", "192.0.2.1", "2001:db8::1");
    assertRefused(STRANGERS, "own.rule.test");
    assertRefused(STRANGERS, "OWN.rule.test:5000");
    assertRefused(STRANGERS, "mixed.rule.test");
    assertAllowed(STRANGERS, "good.rule.test");
  }

  private static void name(String name, String... addresses) {
    TestNames.put(name, () -> List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
  }

  @Test
  void aNameThatIsNotThereIsLeftToTheClient() {
    assertAllowed(STRANGERS, "none.invalid");
  }

  @Test
  void hostsThatTheSettingsNameAreExemptWithTheirPort() {
    var sources =
        Sources.none()
            .withInsecureHosts(Set.of("127.0.0.1:5000", "LocalHost"))
            .withAuthorities(Map.of("127.0.0.1:5001", List.of(), "[::1]:443", List.of()))
            .withMirrors(
                new Mirrors(
                    List.of(new Mirrors.Rule("docker.io", List.of("127.0.0.1:5002/hub"), false))));
    var rule = AddressRule.forStrangers(sources);
    for (var host :
        List.of(
            "127.0.0.1:5000",
            "127.0.0.1:5001",
            "127.0.0.1:5002",
            "localhost",
            "localhost:443",
            "[::1]")) {
      assertAllowed(rule, host);
    }
    for (var host :
        List.of("127.0.0.1", "127.0.0.1:5003", "localhost:5000", "[::1]:5000", "169.254.169.254")) {
      assertRefused(rule, host);
    }
  }

  /** A proxy looks names up itself; an address it would not question. */
  @Test
  void throughAProxyOnlyAddressesAreJudged() {
    name("proxied.rule.test", "127.0.0.1");
    var rule =
        AddressRule.forStrangers(
            Sources.none()
                .withProxies(
                    value(
                        Proxies.of(
                            Map.of(
                                "HTTPS_PROXY",
                                "http://proxy.test:3128",
                                "NO_PROXY",
                                "direct.rule.test")))));
    assertAllowed(rule, "proxied.rule.test");
    assertRefused(rule, "127.0.0.1");
    assertRefused(rule, "[::1]");
    assertRefused(rule, "169.254.169.254");
    name("direct.rule.test", "127.0.0.1");
    assertRefused(rule, "direct.rule.test");
  }

  @Test
  void modulesMayComeFromAnywhere() {
    assertAllowed(AddressRule.ANY, "127.0.0.1");
  }
}
