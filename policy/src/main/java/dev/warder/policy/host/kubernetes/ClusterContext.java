package dev.warder.policy.host.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.host.call.CallFailures;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.HostCallGate.Waiting;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What policies see of a cluster, through a client of their own: lists that are kept up to date in
 * memory, objects, and rights. Safe for concurrent use.
 */
public final class ClusterContext implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterContext.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LOOKS_TO_ASK_AGAIN = 10;

  private final ApiKinds kinds;
  private final MemoryShare memory;
  private final Feeds feeds;
  private final ClusterReads reads;
  private final AccessCheck access;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("context-watch").factory());
  private Set<String> troubles = Set.of();
  private int looks;

  /**
   * A context that reads nothing until it is asked.
   *
   * @param client with the rights that policies have together, and no others; not closed by this
   * @param account its user name, for messages
   * @param memoryBytes what all lists together may take
   */
  public ClusterContext(KubernetesClient client, String account, long memoryBytes) {
    kinds = new ApiKinds(client);
    memory = new MemoryShare(memoryBytes);
    feeds = new Feeds(client, kinds, memory);
    reads = new ClusterReads(client, kinds);
    access = new AccessCheck(client, kinds, account);
    var pause = LOOK.toMillis();
    var _ = timer.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  /**
   * Lets a policy read these kinds. Fails with {@code ContextUnavailable}, and the rule that is
   * missing, if the account may not; blocks while the API server is asked.
   */
  public Outcome<ContextLease> open(Set<ContextAwareResource> resources) {
    return access.check(resources).map(yes -> new ContextLease(resources));
  }

  /** The same without asking. */
  public ContextLease openAgain(Set<ContextAwareResource> resources) {
    return new ContextLease(resources);
  }

  /** Keeps everything of a kind for the policy, which may want to list it. */
  public void expect(ContextAwareResource resource, ContextLease lease) {
    try {
      feeds.open(FeedKey.all(resource), Optional.of(lease));
    } catch (ReadFailedException e) {
      LOG.warn("{} is not kept for policies: {}", resource, e.why());
    }
  }

  /** Whether the policy holds a list of that kind. */
  public boolean isListed(ContextAwareResource resource, ContextLease lease) {
    return feeds.usedBy(lease).stream().anyMatch(feed -> feed.key().resource().equals(resource));
  }

  /**
   * Waits until all lists that the policy holds are there.
   *
   * @return whether one was not there before
   */
  public Outcome<Boolean> await(ContextLease lease, Duration limit) {
    var end = System.nanoTime() + limit.toNanos();
    var waited = false;
    for (var feed : feeds.usedBy(lease)) {
      waited |= !feed.answered().isDone();
      try {
        feed.answered().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return Outcome.failed(
            Reason.ContextUnavailable,
            "The policy cannot see the cluster: listing %s takes longer than %d s"
                .formatted(feed.key().text(), limit.toSeconds()));
      } catch (ExecutionException e) {
        throw new IllegalStateException("a feed's first answer is no exception", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Outcome.failed(Reason.ContextUnavailable, "The wait for lists was interrupted.");
      }
    }
    var problem = problem(lease);
    return problem.isPresent() ? new Outcome.Failed<>(problem.get()) : Outcome.done(waited);
  }

  /** Why the policy does not see what it should, if it does not. */
  public Optional<Failure> problem(ContextLease lease) {
    return Stream.concat(
            feeds.usedBy(lease).stream().flatMap(feed -> feed.failure().stream()),
            reads.denied(lease.resources()).stream())
        .findFirst()
        .map(
            e ->
                new Failure(
                    Reason.ContextUnavailable, "The policy cannot see the cluster: " + e.why()));
  }

  /** Ends a policy's hold; what it was answered stays. */
  public void release(ContextLease lease) {
    feeds.release(lease);
  }

  /** {@code list_resources_by_namespace} and {@code list_resources_all}. */
  public Answer list(JsonNode payload, Optional<ContextLease> lease) {
    try {
      var feed = feeds.open(FeedKey.of(payload), lease);
      return feed.answered().isDone() ? list(feed) : new Waiting(() -> awaited(feed));
    } catch (ReadFailedException e) {
      return CallFailures.refused(e.why());
    }
  }

  private static Reply awaited(Feed feed) throws InterruptedException {
    try {
      feed.answered().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a feed's first answer is no exception", e);
    }
    return list(feed);
  }

  private static Reply list(Feed feed) {
    try {
      return Reply.granted(feed.list());
    } catch (ReadFailedException e) {
      return CallFailures.refused(e.why());
    }
  }

  /** {@code get_resource}. */
  public Answer get(JsonNode payload) {
    return reads.get(payload);
  }

  /** {@code can_i}. */
  public Answer canI(JsonNode payload) {
    return reads.canI(payload);
  }

  /** What is kept at this moment. */
  public List<FeedState> states() {
    return feeds.all().stream().map(Feed::state).toList();
  }

  /** Bytes that all lists take. */
  public long memoryUsed() {
    return memory.used();
  }

  /** Calls the listener, on a thread of this context, when a problem has come or gone. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Drops lists that no policy holds and nobody has asked for so long. */
  void sweep(Duration idle) {
    feeds.sweep(idle);
  }

  private void look() {
    try {
      feeds.all().forEach(Feed::look);
      sweep(Feeds.IDLE);
      if (++looks % LOOKS_TO_ASK_AGAIN == 0) {
        reads.forgetDenied(kind -> access.check(Set.of(kind)) instanceof Outcome.Done);
      }
      var now =
          Stream.concat(
                  feeds.all().stream()
                      .filter(feed -> feed.failure().isPresent())
                      .map(feed -> feed.key().text()),
                  reads.deniedKinds().stream())
              .collect(Collectors.toSet());
      if (!now.equals(troubles)) {
        troubles = now;
        listeners.forEach(Runnable::run);
      }
    } catch (RuntimeException e) {
      LOG.error("looking after the lists of the cluster failed; it goes on", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    feeds.close();
    reads.close();
  }
}
