package dev.warder.policy.host.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one list, each only as the JSON that guests get, and the whole list as it was last
 * asked for. Nothing is encoded again for a request.
 */
final class FeedStore implements ItemStore<GenericKubernetesResource> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final byte[] END = "]}".getBytes(StandardCharsets.UTF_8);

  /** What an entry takes besides its JSON and its key. */
  private static final int BYTES_BESIDES = 200;

  private final FieldMask mask;
  private final MemoryShare memory;
  private final Runnable full;
  private final byte[] begin;
  private final Map<String, Stored> objects = new HashMap<>();
  private byte @Nullable [] whole;
  private long bytes;
  private boolean closed;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stored(byte[] json, String resourceVersion) {}

  /**
   * @param full called when there is no memory left; the store is empty then and stays so
   */
  FeedStore(FeedKey key, MemoryShare memory, Runnable full) {
    this.mask = FieldMask.of(key.masks());
    this.memory = memory;
    this.full = full;
    begin =
        "{\"apiVersion\":%s,\"kind\":%s,\"metadata\":{},\"items\":["
            .formatted(quoted(key.apiVersion()), quoted(key.kind() + "List"))
            .getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The list; empty if there is no memory for it. */
  synchronized Optional<byte[]> list() {
    var known = whole;
    if (known != null) {
      return Optional.of(known);
    }
    var size = (long) begin.length + END.length + Math.max(0, objects.size() - 1);
    for (var stored : objects.values()) {
      size += stored.json().length;
    }
    if (closed || size > Integer.MAX_VALUE - 8 || !memory.take(size)) {
      return Optional.empty();
    }
    bytes += size;
    var list = new byte[(int) size];
    var at = copy(begin, list, 0);
    var first = true;
    for (var stored : objects.values()) {
      if (!first) {
        list[at++] = ',';
      }
      first = false;
      at = copy(stored.json(), list, at);
    }
    copy(END, list, at);
    whole = list;
    return Optional.of(list);
  }

  private static int copy(byte[] from, byte[] to, int at) {
    System.arraycopy(from, 0, to, at, from.length);
    return at + from.length;
  }

  /** Gives all memory back; nothing is stored any more. */
  synchronized void close() {
    closed = true;
    objects.clear();
    whole = null;
    memory.giveBack(bytes);
    bytes = 0;
  }

  synchronized long bytes() {
    return bytes;
  }

  @Override
  public String getKey(GenericKubernetesResource object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
    var stored = new Stored(encoded(object), version(object));
    synchronized (this) {
      if (closed) {
        return null;
      }
      forgetWhole();
      var before = objects.put(key, stored);
      var more = cost(key, stored) - (before == null ? 0 : cost(key, before));
      if (more <= 0 || memory.take(more)) {
        if (more < 0) {
          memory.giveBack(-more);
        }
        bytes += more;
        return before == null ? null : stub(key, before);
      }
      close();
    }
    full.run();
    return null;
  }

  @Override
  public synchronized @Nullable GenericKubernetesResource remove(String key) {
    var before = objects.remove(key);
    if (before == null) {
      return null;
    }
    forgetWhole();
    memory.giveBack(cost(key, before));
    bytes -= cost(key, before);
    return stub(key, before);
  }

  private void forgetWhole() {
    var list = whole;
    if (list != null) {
      memory.giveBack(list.length);
      bytes -= list.length;
      whole = null;
    }
  }

  private static long cost(String key, Stored stored) {
    return (long) stored.json().length + key.length() + BYTES_BESIDES;
  }

  private byte[] encoded(GenericKubernetesResource object) {
    ObjectNode json = JSON.valueToTree(object);
    if (json.path("metadata") instanceof ObjectNode metadata) {
      if (metadata.has("managedFields")) {
        metadata.putArray("managedFields");
      }
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(LAST_APPLIED);
      }
    }
    mask.prune(json);
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version(GenericKubernetesResource object) {
    return String.valueOf(object.getMetadata().getResourceVersion());
  }

  /** As much of the object as the informer needs. */
  private static GenericKubernetesResource stub(String key, Stored stored) {
    var slash = key.indexOf('/');
    var object = new GenericKubernetesResource();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(slash < 0 ? null : key.substring(0, slash))
            .withName(key.substring(slash + 1))
            .withResourceVersion(stored.resourceVersion())
            .build());
    return object;
  }

  @Override
  public synchronized Stream<String> keySet() {
    return objects.keySet().stream().toList().stream();
  }

  @Override
  public synchronized Stream<GenericKubernetesResource> values() {
    return objects.entrySet().stream()
        .map(entry -> stub(entry.getKey(), entry.getValue()))
        .toList()
        .stream();
  }

  @Override
  public synchronized int size() {
    return objects.size();
  }

  @Override
  public synchronized @Nullable GenericKubernetesResource get(String key) {
    var stored = objects.get(key);
    return stored == null ? null : stub(key, stored);
  }
}
