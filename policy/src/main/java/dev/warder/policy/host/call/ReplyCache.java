package dev.warder.policy.host.call;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Answers that are good for a while. Failures are kept for a moment only, so that many who ask the
 * same do not all wait for the same failure; whoever asks while somebody else's question is under
 * way shares its answer. Bounded in bytes.
 *
 * @param <K> everything that an answer depends on
 */
public final class ReplyCache<K> {
  /** How long a failure is kept. */
  public static final Duration FAILURE = Duration.ofSeconds(1);

  private static final long MAX_BYTES = 32 << 20;
  private static final int BYTES_BESIDES = 512;

  private final AsyncCache<K, Reply> replies;
  private final CallQueue queue;

  /**
   * An empty cache.
   *
   * @param queue for what is not known
   * @param kept how long an answer is
   */
  public ReplyCache(CallQueue queue, Duration kept) {
    this(queue, kept, Ticker.systemTicker());
  }

  ReplyCache(CallQueue queue, Duration kept, Ticker ticker) {
    this.queue = queue;
    this.replies =
        Caffeine.newBuilder()
            .ticker(ticker)
            .executor(Runnable::run)
            .maximumWeight(MAX_BYTES)
            .weigher((K key, Reply reply) -> reply.bytes().length + BYTES_BESIDES)
            .expireAfter(
                Expiry.<K, Reply>creating((key, reply) -> reply.granted() ? kept : FAILURE))
            .buildAsync();
  }

  /** What is known, or becomes known by the work. */
  public Answer get(K key, Supplier<Reply> work) {
    return CallQueue.answer(replies.get(key, (wanted, executor) -> queue.submit(work)));
  }
}
