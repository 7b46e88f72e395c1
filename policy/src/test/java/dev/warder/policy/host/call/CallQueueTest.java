package dev.warder.policy.host.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CallQueueTest {
  private final CallQueue queue = new CallQueue("test", 2);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void close() {
    release.countDown();
    queue.close();
  }

  private static Reply granted(String text) {
    return Reply.granted(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Answer answer) throws InterruptedException {
    var reply =
        switch (answer) {
          case Reply there -> there;
          case Waiting(var wait) -> wait.outcome();
        };
    return (reply.granted() ? "+" : "-") + new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  private Supplier<Reply> held(String text) {
    return () -> {
      begun.incrementAndGet();
      try {
        release.await();
        return granted(text);
      } catch (InterruptedException e) {
        return Reply.refused("interrupted");
      }
    };
  }

  /** Holds both threads. */
  private void occupy() {
    queue.ask(held("one"));
    queue.ask(held("two"));
    Awaitility.await().untilAsserted(() -> assertThat(begun).hasValue(2));
  }

  @Test
  void workIsDoneOnAThreadOfTheQueue() throws InterruptedException {
    assertThat(text(queue.ask(() -> granted(Thread.currentThread().getName()))))
        .startsWith("+host-test-");
  }

  @Test
  void whatIsDoneNeedsNoWait() {
    var work = queue.submit(() -> granted("x"));
    work.join();
    assertThat(CallQueue.answer(work)).isInstanceOf(Reply.class);
  }

  @Test
  void whatThrowsIsARefusalThatTellsNothing() throws InterruptedException {
    assertThat(
            text(
                queue.ask(
                    () -> {
                      throw new IllegalStateException("secret");
                    })))
        .startsWith("-Callback evaluation failure: ")
        .doesNotContain("secret");
    assertThat(
            text(
                queue.ask(
                    () -> {
                      throw new StackOverflowError("secret");
                    })))
        .startsWith("-Callback evaluation failure: ")
        .doesNotContain("secret");
    assertThat(text(queue.ask(() -> granted("goes on")))).isEqualTo("+goes on");
  }

  @Test
  void aFullQueueRefusesAtOnce() throws InterruptedException {
    occupy();
    var waiting = new ArrayList<Answer>();
    for (var i = 0; i < CallQueue.QUEUED; i++) {
      waiting.add(queue.ask(held("queued")));
    }
    assertThat(queue.queued()).isEqualTo(CallQueue.QUEUED);
    assertThat(text(queue.ask(held("too many"))))
        .isEqualTo(
            "-the callback channel of test is full: 100 calls wait already; ask again in a moment");
    release.countDown();
    for (var one : waiting) {
      assertThat(text(one)).isEqualTo("+queued");
    }
    assertThat(begun).hasValue(CallQueue.QUEUED + 2);
  }

  @Test
  void whoeverIsInterruptedLeavesAndTheWorkGoesOn() throws Exception {
    var work = queue.submit(held("for others"));
    var first = (Waiting) CallQueue.answer(work);
    var leaving = new FutureTask<>(() -> first.pending().outcome());
    var thread = Thread.ofPlatform().start(leaving);
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    thread.interrupt();
    assertThatThrownBy(leaving::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(work).isNotDone();
    release.countDown();
    assertThat(text(CallQueue.answer(work))).isEqualTo("+for others");
  }

  @Test
  void nobodyWaitsForAQueueThatIsClosed() throws InterruptedException {
    occupy();
    var queued = queue.ask(held("never"));
    queue.close();
    assertThat(text(queued)).isEqualTo("-the callback channel of test is closed");
    assertThat(text(queue.ask(held("later")))).isEqualTo("-the callback channel of test is closed");
    assertThat(begun).hasValue(2);
    assertNoThread("host-test-");
  }

  static void assertNoThread(String prefix) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith(prefix)));
  }
}
