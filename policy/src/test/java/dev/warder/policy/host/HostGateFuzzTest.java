package dev.warder.policy.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.host.oci.OciCalls;
import dev.warder.policy.json.Utf8;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.wasi.HostCallGate.HostCall;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.slf4j.LoggerFactory;

/**
 * Whatever payload a guest sends with whatever call, an answer of limited size comes out, and no
 * exception. The images in the payloads are none, so that no registry is asked. The system property
 * {@code warder.fuzz.inputs} says how many payloads there are.
 */
final class HostGateFuzzTest {
  private static final int TRIES = 100;

  static {
    // It would tell of every call that is refused.
    ((Logger) LoggerFactory.getLogger(HostGate.class)).setLevel(Level.INFO);
  }

  private static final int INPUTS = Integer.getInteger("warder.fuzz.inputs", 20_000);
  private static final int MAX_CHANGES = 4;
  private static final int MAX_REFUSAL_BYTES = 20_000;
  private static final byte[] TOKENS =
      "{}[]\",:\\\n\0-.0129eE+tfn*/é".getBytes(StandardCharsets.UTF_8);

  private static final ImageRegistries REGISTRIES =
      new ImageRegistries(FetchLimits.forImages(), Sources.none());
  private static final OciCalls OCI =
      new OciCalls(REGISTRIES, TrustRoot::publicGood, Clock.systemUTC());
  private static final HostServices SERVICES =
      new HostServices(
          Optional.empty(),
          OCI,
          name -> List.of(InetAddress.getLoopbackAddress()),
          UnaryOperator.identity());
  private static final HostAccess ACCESS =
      SERVICES.openAgain(
          "policy", new Grants(CapabilityList.ALL, Set.of(new ContextAwareResource("v1", "Pod"))));

  /** Other payloads that have a way of their own. */
  private static final List<String> MORE =
      List.of(
          "{\"SigstoreKeylessVerify\":{\"image\":\"!\",\"keyless\":[{\"issuer\":\"i\",\"subject\":\"s\"}],\"annotations\":null}}",
          "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"!\",\"pub_keys\":[\"-----BEGIN PUBLIC KEY-----\\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\\n-----END PUBLIC KEY-----\"]}",
          "{\"type\":\"SigstoreKeylessPrefixVerify\",\"image\":\"!\",\"keyless_prefix\":[{\"issuer\":\"i\",\"url_prefix\":\"https://a/b\"}]}",
          "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"!\",\"owner\":\"o\",\"repo\":null}",
          "{\"cert\":{\"encoding\":\"Der\",\"data\":[48,3,2,1,1]},\"cert_chain\":[],\"not_after\":\"2026-01-01T00:00:00Z\"}",
          "{\"level\":\"warning\",\"message\":\"m\",\"line\":1,\"more\":{\"a\":[null]}}",
          "\"a.b-c.\"");

  @AfterContainer
  static void close() {
    SERVICES.close();
    OCI.close();
    REGISTRIES.close();
  }

  @Property(tries = TRIES)
  void everyPayloadIsAnswered(@ForAll long seed) throws InterruptedException {
    var random = new Random(seed);
    var gate = ACCESS.gate("uid");
    for (var i = 0; i < Math.max(1, INPUTS / TRIES); i++) {
      var call = CallTable.ALL.get(random.nextInt(CallTable.ALL.size()));
      var start = random.nextInt(3) > 0 ? call.payload() : MORE.get(random.nextInt(MORE.size()));
      var payload = changed(start.getBytes(StandardCharsets.UTF_8), random);
      var reply =
          switch (gate.ask(new HostCall("kubewarden", call.namespace(), call.name(), payload))) {
            case Reply there -> there;
            case Waiting(var wait) -> wait.outcome();
          };
      var text = Utf8.decode(reply.bytes());
      assertThat(text).as(call.path()).isPresent();
      assertThat(text.get()).doesNotContain("unexpectedly", "Exception");
      assertThat(reply.bytes()).hasSizeLessThan(MAX_REFUSAL_BYTES);
      if (!reply.granted()) {
        assertThat(text.get()).isNotBlank();
      }
    }
  }

  /** Bytes of the grammar in other places, parts doubled, moved and cut. */
  private static byte[] changed(byte[] text, Random random) {
    var bytes = text.clone();
    for (var changes = random.nextInt(MAX_CHANGES + 1);
        changes > 0 && bytes.length > 0;
        changes--) {
      var at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = TOKENS[random.nextInt(TOKENS.length)];
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> {
          var length = random.nextInt(bytes.length - at);
          var doubled = Arrays.copyOf(bytes, bytes.length + length);
          System.arraycopy(bytes, at, doubled, at + length, bytes.length - at);
          bytes = doubled;
        }
        case 3 -> {
          var length = random.nextInt(1 + Math.min(40, bytes.length - at));
          var rest = Arrays.copyOf(bytes, bytes.length - length);
          System.arraycopy(bytes, at + length, rest, at, bytes.length - length - at);
          bytes = rest;
        }
        case 4 -> {
          var digits = String.valueOf(random.nextInt(70_000)).getBytes(StandardCharsets.US_ASCII);
          System.arraycopy(digits, 0, bytes, at, Math.min(digits.length, bytes.length - at));
        }
        default ->
            System.arraycopy(
                bytes, at, bytes, random.nextInt(at + 1), random.nextInt(bytes.length - at));
      }
    }
    return bytes;
  }
}
