package dev.warder.policy.host.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;

/**
 * Which resource a kind is, from the API server's discovery. A kind that is not there is asked for
 * again the next time: it may come later.
 */
final class ApiKinds {
  private static final int MAX_KINDS = 1000;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final KubernetesClient client;
  private final Cache<String, ApiKind> known =
      Caffeine.newBuilder()
          .maximumSize(MAX_KINDS)
          .expireAfterWrite(KEPT)
          .executor(Runnable::run)
          .build();

  ApiKinds(KubernetesClient client) {
    this.client = client;
  }

  Optional<ApiKind> known(String apiVersion, String kind) {
    return Optional.ofNullable(known.getIfPresent(key(apiVersion, kind)));
  }

  /** Asks the API server if need be. */
  ApiKind find(String apiVersion, String kind) throws ReadFailedException {
    var present = known(apiVersion, kind);
    if (present.isPresent()) {
      return present.get();
    }
    PathText.requireKind(apiVersion, kind);
    var found = ask(apiVersion, kind);
    known.put(key(apiVersion, kind), found);
    return found;
  }

  void forget(ApiKind kind) {
    known.invalidate(key(kind.apiVersion(), kind.kind()));
  }

  private ApiKind ask(String apiVersion, String kind) throws ReadFailedException {
    try {
      var resources = client.getApiResources(apiVersion);
      return Optional.ofNullable(resources).stream()
          .flatMap(list -> list.getResources().stream())
          .filter(one -> one.getKind().equals(kind) && !one.getName().contains("/"))
          .findFirst()
          .map(
              one ->
                  new ApiKind(
                      apiVersion, kind, one.getName(), Boolean.TRUE.equals(one.getNamespaced())))
          .orElseThrow(
              () ->
                  new ReadFailedException(
                      "Cannot find resource %s/%s: the API server does not serve it"
                          .formatted(apiVersion, kind)));
    } catch (KubernetesClientException e) {
      throw ReadFailedException.of("Cannot find resource %s/%s".formatted(apiVersion, kind), e);
    }
  }

  private static String key(String apiVersion, String kind) {
    return apiVersion + "/" + kind;
  }
}
