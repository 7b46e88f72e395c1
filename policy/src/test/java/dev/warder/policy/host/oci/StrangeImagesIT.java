package dev.warder.policy.host.oci;

import static dev.warder.policy.testing.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.TestNames;
import dev.warder.policy.testing.TestTls;
import dev.warder.policy.verify.TrustRoot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever writes a manifest names the image, and so the host that is asked: none of that leads to
 * this machine or to what serves it, be it at once, by a name, a redirect or a token service.
 */
final class StrangeImagesIT {
  private static final String REPOSITORY = "images/one";
  private static final FetchLimits LIMITS =
      new FetchLimits(
          1 << 20, 1 << 20, 5, Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(5));
  private static final String REFUSAL = "is an address of this machine or of its surroundings";

  private static TestTls tls;

  private ServerSocketChannel listener;
  private FaultyRegistry registry;
  private ImageRegistries registries;
  private OciCalls calls;

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @BeforeEach
  void start() throws IOException {
    // Of both kinds of addresses.
    listener = ServerSocketChannel.open().bind(new InetSocketAddress("::", 0));
    listener.configureBlocking(false);
    registry = FaultyRegistry.start(tls.server());
    registries =
        new ImageRegistries(
            LIMITS,
            Sources.none().withAuthorities(Map.of(registry.host(), List.of(tls.certificate()))));
    calls = new OciCalls(registries, TrustRoot::publicGood, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    calls.close();
    registries.close();
    registry.close();
    listener.close();
  }

  private int port() {
    return listener.socket().getLocalPort();
  }

  private void assertNobodyConnected() throws IOException {
    assertThat(listener.accept()).isNull();
  }

  private static JsonNode image(String name) {
    return JsonNodeFactory.instance.textNode(name);
  }

  private static JsonNode verification(String image) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "SigstoreGithubActionsVerify")
        .put("image", image)
        .put("owner", "o");
  }

  @Test
  void theListenerWouldBeReached() throws IOException {
    for (var host : List.of("127.0.0.1", "::1")) {
      try (var client = new Socket(host, port())) {
        assertThat(client.isConnected()).isTrue();
      }
      try (var server = listener.accept()) {
        assertThat(server).as(host).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:PORT",
        "127.1.2.3:PORT",
        "0.0.0.0:PORT",
        "localhost:PORT",
        "[::1]:PORT",
        "[::]:PORT",
        "[::ffff:127.0.0.1]:PORT",
        "own.images.test:PORT",
        "mixed.images.test:PORT",
        "169.254.169.254",
        "169.254.169.254:PORT",
        "[fe80::1]:PORT"
      })
  void noCallGoesToThisMachineOrItsSurroundings(String host) throws IOException {
    name("own.images.test", "127.0.0.1");
    name("mixed.images.test", "192.0.2.1", "127.0.0.1");
    var image = host.replace("PORT", String.valueOf(port())) + "/" + REPOSITORY + ":v1";
    for (var answer :
        List.of(
            calls.manifestDigest(image(image)),
            calls.manifest(image(image)),
            calls.manifestConfig(image(image)),
            calls.verifyV2(verification(image)))) {
      assertThat(text(answer)).startsWith("-Callback evaluation failure: ").contains(REFUSAL);
    }
    assertNobodyConnected();
  }

  private static void name(String name, String... addresses) {
    TestNames.put(name, () -> List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
  }

  /** Names of hosts that look like addresses in old notations are no images, or are judged. */
  @ParameterizedTest
  @ValueSource(strings = {"2130706433:PORT", "0x7f.0.0.1:PORT", "127.1:PORT", "0177.0.0.1:PORT"})
  void otherNotationsLeadNowhere(String host) throws IOException {
    var image = host.replace("PORT", String.valueOf(port())) + "/" + REPOSITORY + ":v1";
    assertThat(text(calls.manifest(image(image)))).startsWith("-");
    assertNobodyConnected();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:PORT/blob",
        "https://localhost:PORT/blob",
        "https://[::1]:PORT/blob",
        "https://own.images.test:PORT/blob",
        "https://169.254.169.254/latest/meta-data/"
      })
  void aRegistryCannotSendUsThere(String target) throws IOException {
    name("own.images.test", "127.0.0.1");
    var location = target.replace("PORT", String.valueOf(port()));
    var config = registry.putBlob(REPOSITORY, "{}".getBytes(StandardCharsets.UTF_8));
    registry.push(REPOSITORY, "v1", new byte[] {1});
    var image = image(registry.host() + "/" + REPOSITORY + ":v1");
    registry.fault(FaultyRegistry.blob(REPOSITORY, config), Answer.redirect(location));
    assertThat(text(calls.manifestConfig(image))).startsWith("-").contains(REFUSAL);
    registry.fault(FaultyRegistry.manifest(REPOSITORY, "v1"), Answer.redirect(location));
    assertThat(text(calls.manifest(image))).startsWith("-").contains(REFUSAL);
    assertNobodyConnected();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:PORT/token",
        "https://own.images.test:PORT/token",
        "https://169.254.169.254/token"
      })
  void norItsTokenService(String realm) throws IOException {
    name("own.images.test", "127.0.0.1");
    registry.push(REPOSITORY, "v1", new byte[] {1});
    registry.demandToken(
        "Bearer realm=\"%s\",service=\"s\"".formatted(realm.replace("PORT", "" + port())), "t");
    assertThat(text(calls.manifest(image(registry.host() + "/" + REPOSITORY + ":v1"))))
        .startsWith("-")
        .contains(REFUSAL);
    assertNobodyConnected();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:PORT/", "file:///etc/passwd", "https:/no-host", "https://a_b/"})
  void redirectsToWhatIsNoHttpsHostAreRefused(String location) throws IOException {
    registry.push(REPOSITORY, "v1", new byte[] {1});
    registry.fault(
        FaultyRegistry.manifest(REPOSITORY, "v1"),
        Answer.redirect(location.replace("PORT", "" + port())));
    assertThat(text(calls.manifest(image(registry.host() + "/" + REPOSITORY + ":v1"))))
        .startsWith("-Callback evaluation failure: ")
        .doesNotContain("unexpectedly");
    assertNobodyConnected();
  }

  /** The registry of these tests is on this machine, too, but an admin has named it. */
  @Test
  void hostsOfTheSourcesAreAsked() {
    var digest = registry.push(REPOSITORY, "v1", new byte[] {1});
    assertThat(text(calls.manifestDigest(image(registry.host() + "/" + REPOSITORY + ":v1"))))
        .isEqualTo("+{\"digest\":\"" + digest + "\"}");
    registries.use(Sources.none());
    assertThat(text(calls.manifest(image(registry.host() + "/" + REPOSITORY + ":v1"))))
        .contains(REFUSAL);
  }

  /**
   * A name that has another address when it is looked up for the second time. What is proven: the
   * check and the connection, with all retries, go by one answer, which the JVM keeps for half a
   * minute. Not proven: a lookup for the connection that begins just when the JVM forgets. It would
   * end in the TLS handshake, as the listener has no certificate for that name ({@code
   * RegistryTlsIT.distrustsACertificateForAnotherName}).
   */
  @Test
  void aNameThatChangesIsNotLookedUpAgainForTheConnection() throws IOException {
    var lookups = new AtomicInteger();
    TestNames.put(
        "rebinding.images.test",
        () ->
            List.of(
                InetAddress.ofLiteral(lookups.getAndIncrement() == 0 ? "192.0.2.1" : "127.0.0.1")));
    var image = "rebinding.images.test:" + port() + "/" + REPOSITORY + ":v1";
    assertThat(text(calls.manifest(image(image)))).startsWith("-").doesNotContain(REFUSAL);
    assertThat(lookups).hasValue(1);
    assertNobodyConnected();
  }
}
