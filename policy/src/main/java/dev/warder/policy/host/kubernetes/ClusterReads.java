package dev.warder.policy.host.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.host.call.Answers;
import dev.warder.policy.host.call.CallFailures;
import dev.warder.policy.host.call.CallQueue;
import dev.warder.policy.host.call.ReplyCache;
import dev.warder.policy.json.Json;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Reads of single objects, and questions about rights; each answer is good for five seconds. */
final class ClusterReads implements AutoCloseable {
  static final Duration KEPT = Duration.ofSeconds(5);

  private static final int THREADS = 8;
  private static final int MAX_DENIED = 1000;
  private static final String REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  private static final JsonMapper JSON = new JsonMapper();

  private final CallQueue queue = new CallQueue("kubernetes", THREADS);
  private final ReplyCache<ObjectKey> objects = new ReplyCache<>(queue, KEPT);
  private final ReplyCache<JsonNode> rights = new ReplyCache<>(queue, KEPT);
  private final Map<ContextAwareResource, ReadFailedException> denied = new ConcurrentHashMap<>();
  private final KubernetesClient client;
  private final ApiKinds kinds;

  private record ObjectKey(
      String apiVersion, String kind, Optional<String> namespace, String name) {
    static ObjectKey of(JsonNode payload) throws ReadFailedException {
      var key =
          new ObjectKey(
              payload.path("api_version").textValue(),
              payload.path("kind").textValue(),
              Optional.ofNullable(payload.path("namespace").textValue())
                  .filter(name -> !name.isEmpty()),
              payload.path("name").textValue());
      PathText.requireKind(key.apiVersion(), key.kind());
      PathText.requireName(key.name());
      if (key.namespace().isPresent()) {
        PathText.requireNamespace(key.namespace().get());
      }
      return key;
    }
  }

  ClusterReads(KubernetesClient client, ApiKinds kinds) {
    this.client = client;
    this.kinds = kinds;
  }

  /** One object. */
  Answer get(JsonNode payload) {
    ObjectKey key;
    FieldMask mask;
    try {
      key = ObjectKey.of(payload);
      mask = FieldMask.of(FieldMask.asked(payload));
    } catch (ReadFailedException e) {
      return CallFailures.refused(e.why());
    }
    var object =
        payload.path("disable_cache").booleanValue()
            ? queue.ask(() -> read(key))
            : objects.get(key, () -> read(key));
    return payload.path("field_masks").isEmpty()
        ? object
        : Answers.map(object, json -> masked(json, mask));
  }

  private Reply read(ObjectKey key) {
    var resource = new ContextAwareResource(key.apiVersion(), key.kind());
    try {
      var json = fetch(key, kinds.find(key.apiVersion(), key.kind()));
      denied.remove(resource);
      return Reply.granted(json);
    } catch (ReadFailedException e) {
      if (e.denied() && denied.size() < MAX_DENIED) {
        denied.put(resource, e);
      }
      return CallFailures.refused(e.why());
    }
  }

  private byte[] fetch(ObjectKey key, ApiKind kind) throws ReadFailedException {
    if (kind.namespaced() && key.namespace().isEmpty()) {
      throw new ReadFailedException(
          "%s is namespaced: give the namespace of %s".formatted(kind, key.name()));
    }
    var namespace = kind.namespaced() ? "/namespaces/" + key.namespace().orElseThrow() : "";
    var path =
        "%s%s/%s/%s"
            .formatted(ApiKind.root(kind.apiVersion()), namespace, kind.plural(), key.name());
    String json;
    try {
      json = client.raw(path);
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404) {
        throw notFound(key);
      }
      throw ReadFailedException.of("cannot read %s %s".formatted(kind, key.name()), e);
    }
    if (json == null) {
      throw notFound(key);
    }
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static ReadFailedException notFound(ObjectKey key) {
    return new ReadFailedException(
        "Cannot find %s/%s named '%s' inside of namespace '%s'"
            .formatted(key.apiVersion(), key.kind(), key.name(), key.namespace().orElse("None")));
  }

  private static byte[] masked(byte[] json, FieldMask mask) {
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        mask.prune(object);
        return JSON.writeValueAsBytes(object);
      }
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether somebody may do something. */
  Answer canI(JsonNode payload) {
    var review = payload.path("subject_access_review");
    return payload.path("disable_cache").booleanValue()
        ? queue.ask(() -> review(review))
        : rights.get(review, () -> review(review));
  }

  private Reply review(JsonNode asked) {
    var review = Json.object();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    var spec = review.putObject("spec");
    spec.set("user", asked.path("user"));
    if (asked.has("groups")) {
      spec.set("groups", asked.path("groups"));
    }
    spec.set("resourceAttributes", asked.path("resource_attributes"));
    try {
      var answer = client.raw(REVIEWS, "POST", review);
      var status = JSON.readTree(String.valueOf(answer)).path("status");
      return status.isObject()
          ? Reply.granted(JSON.writeValueAsBytes(status))
          : CallFailures.refused("the API server answered a SubjectAccessReview without status");
    } catch (KubernetesClientException e) {
      return CallFailures.refused(ReadFailedException.of("cannot ask for rights", e).why());
    } catch (JsonProcessingException e) {
      return CallFailures.refused("the API server's answer to a SubjectAccessReview is no JSON");
    }
  }

  /** The kinds of these that the account was last not allowed to read. */
  Optional<ReadFailedException> denied(Set<ContextAwareResource> resources) {
    return denied.entrySet().stream()
        .filter(entry -> resources.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The names of all such kinds. */
  Set<String> deniedKinds() {
    return denied.keySet().stream().map(Object::toString).collect(Collectors.toSet());
  }

  /** Forgets those that may be read again. */
  void forgetDenied(Predicate<ContextAwareResource> allowed) {
    denied.keySet().removeIf(allowed);
  }

  @Override
  public void close() {
    queue.close();
  }
}
