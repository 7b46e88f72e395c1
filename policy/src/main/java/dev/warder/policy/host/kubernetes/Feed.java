package dev.warder.policy.host.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One list, kept up to date by a watch for as long as somebody wants it. Whoever asks before it is
 * there waits for its first answer, be it the list or why it cannot be had.
 */
final class Feed {
  /** How long a list may be served while the API server does not tell what changes. */
  static final Duration STALE = Duration.ofSeconds(30);

  private static final long PAGE = 500;

  private final FeedKey key;
  private final FeedStore store;
  private final CompletableFuture<Void> answered = new CompletableFuture<>();
  private final Set<ContextLease> users = Collections.newSetFromMap(new WeakHashMap<>());
  private @Nullable SharedIndexInformer<GenericKubernetesResource> informer;
  private @Nullable ReadFailedException failure;
  private boolean overflowed;
  private boolean closed;
  private long closedAt;
  private long lastUsed = System.nanoTime();
  private long lastWatched = System.nanoTime();

  Feed(FeedKey key, MemoryShare memory) {
    this.key = key;
    this.store = new FeedStore(key, memory, () -> overflow(memory));
  }

  FeedKey key() {
    return key;
  }

  /** Begins to list and watch; blocks to find out what the kind is. */
  void start(KubernetesClient client, ApiKinds kinds) {
    try {
      var kind = kinds.find(key.apiVersion(), key.kind());
      if (key.namespace().isPresent() && !kind.namespaced()) {
        throw new ReadFailedException(
            "%s is cluster wide: it cannot be listed by namespace".formatted(kind));
      }
      follow(informer(client, kind), kind, kinds);
    } catch (ReadFailedException e) {
      failed(e);
      close();
    }
  }

  private SharedIndexInformer<GenericKubernetesResource> informer(
      KubernetesClient client, ApiKind kind) {
    var resources = client.genericKubernetesResources(kind.context());
    FilterWatchListDeletable<
            GenericKubernetesResource,
            GenericKubernetesResourceList,
            Resource<GenericKubernetesResource>>
        wanted =
            key.namespace().isPresent()
                ? resources.inNamespace(key.namespace().get())
                : kind.namespaced() ? resources.inAnyNamespace() : resources;
    if (key.labels().isPresent()) {
      wanted = wanted.withLabelSelector(key.labels().get());
    }
    if (key.fields().isPresent()) {
      wanted = FieldSelector.apply(wanted, key.fields().get());
    }
    return wanted.withLimit(PAGE).runnableInformer(0);
  }

  private void follow(
      SharedIndexInformer<GenericKubernetesResource> made, ApiKind kind, ApiKinds kinds) {
    made.removeNamespaceIndex();
    made.itemStore(store);
    made.exceptionHandler(
        (started, e) -> {
          failed(ReadFailedException.of("cannot list and watch " + key.text(), e));
          kinds.forget(kind);
          return !isOver();
        });
    synchronized (this) {
      if (closed) {
        return;
      }
      informer = made;
    }
    made.start()
        .whenComplete(
            (done, e) -> {
              if (e == null) {
                watched();
              }
              answered.complete(null);
            });
  }

  private void failed(ReadFailedException e) {
    synchronized (this) {
      if (!overflowed) {
        failure = e;
      }
    }
    answered.complete(null);
  }

  private void overflow(MemoryShare memory) {
    synchronized (this) {
      overflowed = true;
      failure =
          new ReadFailedException(
              ("%s does not fit into the %d MiB for what policies read of the cluster: raise"
                      + " --context-memory, or ask with field_masks and selectors")
                  .formatted(key.text(), memory.max() >> 20));
    }
    close();
  }

  private synchronized void watched() {
    lastWatched = System.nanoTime();
    if (!overflowed) {
      failure = null;
    }
  }

  /** Ends when there is a list, or a reason why there is none. */
  CompletableFuture<Void> answered() {
    return answered;
  }

  /** The list as of now. */
  byte[] list() throws ReadFailedException {
    use();
    look();
    synchronized (this) {
      var why = failure();
      if (why.isPresent()) {
        throw why.get();
      }
      if (!isSynced()) {
        throw new ReadFailedException(key.text() + " is not listed yet; ask again in a moment");
      }
      if (isStale()) {
        throw new ReadFailedException(
            "what is known of %s is older than %d s, as the API server cannot be watched"
                .formatted(key.text(), STALE.toSeconds()));
      }
    }
    return store
        .list()
        .orElseThrow(
            () ->
                new ReadFailedException(
                    "there is no memory for the list of %s: raise --context-memory"
                        .formatted(key.text())));
  }

  /** Notes whether the watch stands. */
  void look() {
    var now = informer();
    if (now.isPresent() && now.get().isWatching()) {
      watched();
    }
  }

  /** Why the list cannot be had, if it cannot. */
  synchronized Optional<ReadFailedException> failure() {
    return Optional.ofNullable(failure)
        .filter(e -> !isSynced() || overflowed || e.denied() || isStale());
  }

  private boolean isStale() {
    return System.nanoTime() - lastWatched > STALE.toNanos();
  }

  synchronized boolean isSynced() {
    return informer != null && informer.hasSynced() && !closed;
  }

  private synchronized Optional<SharedIndexInformer<GenericKubernetesResource>> informer() {
    return Optional.ofNullable(informer);
  }

  synchronized void use() {
    lastUsed = System.nanoTime();
  }

  synchronized void addUser(ContextLease lease) {
    users.add(lease);
  }

  synchronized void removeUser(ContextLease lease) {
    if (users.remove(lease)) {
      lastUsed = System.nanoTime();
    }
  }

  synchronized boolean isUsedBy(ContextLease lease) {
    return users.contains(lease);
  }

  /** Whether no policy holds it and nobody has asked for it for so long. */
  synchronized boolean isIdle(Duration time) {
    return users.isEmpty() && System.nanoTime() - lastUsed > time.toNanos();
  }

  synchronized boolean isOver() {
    return closed;
  }

  /** Whether it has ended so long ago. */
  synchronized boolean isOver(Duration time) {
    return closed && System.nanoTime() - closedAt > time.toNanos();
  }

  synchronized Set<ContextLease> users() {
    return Set.copyOf(users);
  }

  /** What can be told of it. */
  FeedState state() {
    look();
    synchronized (this) {
      var age = Duration.ofNanos(System.nanoTime() - lastWatched);
      var watching = informer != null && informer.isWatching();
      return new FeedState(
          key.apiVersion(),
          key.kind(),
          key.namespace().orElse(""),
          store.size(),
          store.bytes(),
          watching,
          watching ? Duration.ZERO : age);
    }
  }

  /** Stops watching and forgets everything. */
  void close() {
    SharedIndexInformer<GenericKubernetesResource> last;
    synchronized (this) {
      closed = true;
      closedAt = System.nanoTime();
      last = informer;
    }
    if (last != null) {
      last.stop();
    }
    store.close();
    answered.complete(null);
  }
}
