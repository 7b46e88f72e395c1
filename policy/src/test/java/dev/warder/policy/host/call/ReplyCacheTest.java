package dev.warder.policy.host.call;

import static dev.warder.policy.host.call.CallQueueTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReplyCacheTest {
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final CallQueue queue = new CallQueue("cached", 2);
  private final AtomicLong now = new AtomicLong();
  private final ReplyCache<String> cache = new ReplyCache<>(queue, KEPT, now::get);
  private final AtomicInteger loads = new AtomicInteger();

  @AfterEach
  void close() {
    queue.close();
  }

  private Supplier<Reply> load(boolean granted) {
    return () -> {
      var text = "load " + loads.incrementAndGet();
      return granted ? Reply.granted(text.getBytes(StandardCharsets.UTF_8)) : Reply.refused(text);
    };
  }

  private String ask(String key, boolean granted) throws InterruptedException {
    return text(cache.get(key, load(granted)));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void anAnswerIsKeptForItsTime() throws InterruptedException {
    assertThat(ask("a", true)).isEqualTo("+load 1");
    pass(KEPT.minusNanos(1));
    assertThat(cache.get("a", load(true))).isInstanceOf(Reply.class);
    assertThat(ask("a", true)).isEqualTo("+load 1");
    pass(Duration.ofNanos(1));
    assertThat(ask("a", true)).isEqualTo("+load 2");
  }

  @Test
  void aFailureIsKeptForAMoment() throws InterruptedException {
    assertThat(ask("a", false)).isEqualTo("-load 1");
    pass(ReplyCache.FAILURE.minusNanos(1));
    assertThat(ask("a", true)).isEqualTo("-load 1");
    pass(Duration.ofNanos(1));
    assertThat(ask("a", true)).isEqualTo("+load 2");
    assertThat(ReplyCache.FAILURE).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void keysHaveAnswersOfTheirOwn() throws InterruptedException {
    assertThat(ask("a", true)).isEqualTo("+load 1");
    assertThat(ask("b", true)).isEqualTo("+load 2");
    assertThat(ask("a", true)).isEqualTo("+load 1");
  }

  @Test
  void whoeverAsksTheSameSharesOneLoad() throws InterruptedException {
    var release = new CountDownLatch(1);
    var waiting = new ArrayList<Answer>();
    for (var i = 0; i < 500; i++) {
      waiting.add(
          cache.get(
              "a",
              () -> {
                try {
                  release.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return load(true).get();
              }));
    }
    assertThat(waiting).hasOnlyElementsOfType(Waiting.class);
    release.countDown();
    for (var one : waiting) {
      assertThat(text(one)).isEqualTo("+load 1");
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void anAnswerOfAFullQueueIsNotKept() throws InterruptedException {
    var release = new CountDownLatch(1);
    for (var i = 0; i < CallQueue.QUEUED + 2; i++) {
      queue.ask(
          () -> {
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return Reply.empty();
          });
    }
    assertThat(ask("a", true)).contains("is full");
    release.countDown();
    Awaitility.await().until(() -> queue.queued() == 0);
    assertThat(ask("a", true)).isEqualTo("+load 1");
  }

  @Test
  void itsSizeIsLimitedInBytes() throws InterruptedException {
    for (var i = 0; i < 40; i++) {
      text(cache.get("big " + i, () -> Reply.granted(new byte[1 << 20])));
    }
    var kept = 0;
    for (var i = 0; i < 40; i++) {
      kept += text(cache.get("big " + i, load(true))).startsWith("+load") ? 0 : 1;
    }
    assertThat(kept).isBetween(1, 31);
  }

  @Test
  void afterTheQueueIsClosedNobodyWaits() throws InterruptedException {
    queue.close();
    assertThat(ask("a", true)).isEqualTo("-the callback channel of cached is closed");
    CallQueueTest.assertNoThread("host-cached-");
  }
}
