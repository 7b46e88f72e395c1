package dev.warder.policy.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.host.call.CallQueue;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsCallsTest {
  private static final Map<String, List<InetAddress>> ADDRESSES =
      Map.of(
          "both.test", addresses("192.0.2.7", "2001:db8::1", "192.0.2.7"),
          "six.test", addresses("2001:db8:0:0:1::2"),
          "none.test", List.of(),
          "local.test", addresses("127.0.0.1", "::1"),
          "_srv.a-b.test.", addresses("192.0.2.8"));

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final DnsCalls dns = new DnsCalls(this::resolve);

  private static List<InetAddress> addresses(String... literals) {
    return Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
  }

  private List<InetAddress> resolve(String name) throws UnknownHostException {
    asked.add(name);
    if (name.startsWith("slow")) {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new UnknownHostException("interrupted");
      }
    }
    var found = ADDRESSES.get(name);
    if (found == null) {
      throw new UnknownHostException(name);
    }
    return found;
  }

  @AfterEach
  void close() {
    release.countDown();
    dns.close();
  }

  private Answer ask(String name) {
    return dns.lookUp(JsonNodeFactory.instance.textNode(name));
  }

  private String lookUp(String name) throws InterruptedException {
    var reply =
        switch (ask(name)) {
          case Reply there -> there;
          case Waiting(var wait) -> wait.outcome();
        };
    return (reply.granted() ? "+" : "-") + new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void addressesOfBothKindsAreTexts() throws InterruptedException {
    assertThat(lookUp("both.test"))
        .isEqualTo("+{\"ips\":[\"192.0.2.7\",\"2001:db8:0:0:0:0:0:1\"]}");
    assertThat(lookUp("six.test")).isEqualTo("+{\"ips\":[\"2001:db8:0:0:1:0:0:2\"]}");
    assertThat(lookUp("none.test")).isEqualTo("+{\"ips\":[]}");
    assertThat(lookUp("_srv.a-b.test.")).isEqualTo("+{\"ips\":[\"192.0.2.8\"]}");
  }

  @Test
  void aScopeIsNoPartOfAnAddress() throws Exception {
    var scoped = Inet6Address.getByAddress(null, InetAddress.ofLiteral("fe80::1").getAddress(), 7);
    try (var calls = new DnsCalls(name -> List.of(scoped))) {
      var answer = calls.lookUp(JsonNodeFactory.instance.textNode("a.test"));
      var reply = answer instanceof Waiting(var wait) ? wait.outcome() : (Reply) answer;
      assertThat(new String(reply.bytes(), StandardCharsets.UTF_8))
          .isEqualTo("{\"ips\":[\"fe80:0:0:0:0:0:0:1\"]}");
    }
  }

  @Test
  void aNameIsAskedForOnceAMinuteInWhateverCase() throws InterruptedException {
    assertThat(lookUp("both.test")).isEqualTo(lookUp("BOTH.test"));
    assertThat(asked).containsExactly("both.test");
    lookUp("six.test");
    assertThat(asked).containsExactly("both.test", "six.test");
  }

  @Test
  void aNameThatIsNotThereIsAFailure() throws InterruptedException {
    assertThat(lookUp("missing.test"))
        .isEqualTo(
            "-Callback evaluation failure: cannot look up missing.test: no such host, or no resolver answers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "-a.test",
        "a-.test",
        "a b",
        "a\nb",
        "a/b",
        "https://a.test",
        "a.test:53",
        "[::1]",
        "::1",
        "ä.test",
        "a\0b",
        "*.test",
        "user@a.test",
        "a%b",
        "a.test..",
      })
  void whatIsNoHostNameIsNotAskedFor(String name) throws InterruptedException {
    assertThat(lookUp(name))
        .startsWith("-Callback evaluation failure: \"")
        .contains("is no host name");
    assertThat(asked).isEmpty();
  }

  @Test
  void partsAndNamesAreLimited() throws InterruptedException {
    lookUp("a".repeat(63) + ".test");
    assertThat(asked).hasSize(1);
    assertThat(lookUp("a".repeat(64) + ".test")).contains("is no host name");
    lookUp(("a".repeat(49) + ".").repeat(5) + "abc");
    assertThat(asked).hasSize(2);
    assertThat(lookUp(("a".repeat(49) + ".").repeat(5) + "abcd")).contains("is no host name");
    assertThat(lookUp("a.".repeat(2_000_000))).contains("is no host name").hasSizeLessThan(600);
    assertThat(asked).hasSize(2);
  }

  @Test
  void aResolverThatHangsHoldsUpOnlyThoseWhoAskIt() throws InterruptedException {
    var waiting = new ArrayList<Answer>();
    for (var i = 0; i < 108; i++) {
      waiting.add(ask("slow-" + i + ".test"));
    }
    assertThat(waiting).hasOnlyElementsOfType(Waiting.class);
    assertThat(lookUp("both.test")).contains("the callback channel of dns is full");
    // What is a failure anyway needs no resolver, and other calls have threads of their own.
    assertThat(lookUp("a b")).contains("is no host name");
    try (var others = new CallQueue("other", 1)) {
      var answer = others.ask(Reply::empty);
      assertThat(answer instanceof Waiting(var wait) ? wait.outcome() : answer)
          .isEqualTo(Reply.empty());
    }
    release.countDown();
    for (var one : waiting) {
      var reply = one instanceof Waiting(var wait) ? wait.outcome() : (Reply) one;
      assertThat(reply.granted()).isFalse();
    }
    assertThat(lookUp("both.test")).startsWith("+");
  }
}
