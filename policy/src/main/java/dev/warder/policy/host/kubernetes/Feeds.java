package dev.warder.policy.host.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * All lists that are kept. Policies that ask for the same share one; one that no policy holds goes
 * after a while without use, or at once when there is no memory for another.
 */
final class Feeds implements AutoCloseable {
  static final Duration IDLE = Duration.ofMinutes(10);

  private static final int MAX_FEEDS = 500;

  /** A list that ended by itself is begun anew after this. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Map<FeedKey, Feed> feeds = new ConcurrentHashMap<>();
  private final ExecutorService starts =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("context-start-", 0).factory());
  private final KubernetesClient client;
  private final ApiKinds kinds;
  private final MemoryShare memory;

  Feeds(KubernetesClient client, ApiKinds kinds, MemoryShare memory) {
    this.client = client;
    this.kinds = kinds;
    this.memory = memory;
  }

  /** The feed of a list, begun if there is none; held by the policy if there is one. */
  Feed open(FeedKey key, Optional<ContextLease> lease) throws ReadFailedException {
    var present = feeds.get(key);
    if (present == null && feeds.size() >= MAX_FEEDS) {
      sweep(Duration.ZERO);
      if (feeds.size() >= MAX_FEEDS) {
        throw new ReadFailedException(
            "policies read more than %d different lists: ask for fewer kinds of them"
                .formatted(MAX_FEEDS));
      }
    }
    var feed = present == null ? feeds.computeIfAbsent(key, this::begin) : present;
    lease.ifPresent(feed::addUser);
    return feed;
  }

  private Feed begin(FeedKey key) {
    var feed = new Feed(key, memory);
    starts.execute(() -> feed.start(client, kinds));
    return feed;
  }

  Collection<Feed> all() {
    return feeds.values();
  }

  List<Feed> usedBy(ContextLease lease) {
    return feeds.values().stream().filter(feed -> feed.isUsedBy(lease)).toList();
  }

  void release(ContextLease lease) {
    feeds.values().forEach(feed -> feed.removeUser(lease));
  }

  /** Drops what is not used, and begins anew what has ended while it is. */
  void sweep(Duration idle) {
    for (var feed : List.copyOf(feeds.values())) {
      var over = feed.isOver(PAUSE);
      if (feed.isIdle(idle) || (over && feed.users().isEmpty())) {
        feeds.remove(feed.key(), feed);
        feed.close();
      } else if (over) {
        var next = begin(feed.key());
        feed.users().forEach(next::addUser);
        feeds.put(feed.key(), next);
      }
    }
  }

  @Override
  public void close() {
    starts.shutdownNow();
    feeds.values().forEach(Feed::close);
    feeds.clear();
  }
}
