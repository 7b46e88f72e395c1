package dev.warder.policy.host.kubernetes;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.ContextAwareResource;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Whether the account that reads for policies may read what a policy declares. */
final class AccessCheck {
  private static final List<String> VERBS = List.of("get", "list", "watch");
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private final KubernetesClient client;
  private final ApiKinds kinds;
  private final String account;

  /**
   * @param account the user name that it has for the API server
   */
  AccessCheck(KubernetesClient client, ApiKinds kinds, String account) {
    this.client = client;
    this.kinds = kinds;
    this.account = account;
  }

  /** Fails with {@code ContextUnavailable} at the first kind that cannot be read; blocks. */
  Outcome<Boolean> check(Collection<ContextAwareResource> resources) {
    var inOrder =
        resources.stream()
            .sorted(
                Comparator.comparing(ContextAwareResource::apiVersion)
                    .thenComparing(ContextAwareResource::kind))
            .toList();
    for (var resource : inOrder) {
      try {
        require(kinds.find(resource.apiVersion(), resource.kind()));
      } catch (ReadFailedException e) {
        return Outcome.failed(
            Reason.ContextUnavailable, "The policy cannot see the cluster: " + e.why());
      }
    }
    return Outcome.done(true);
  }

  private void require(ApiKind kind) throws ReadFailedException {
    var missing = new ArrayList<String>();
    for (var verb : VERBS) {
      if (!isAllowed(kind, verb)) {
        missing.add(verb);
      }
    }
    if (!missing.isEmpty()) {
      throw new ReadFailedException(
          "%s may not %s %s, which contextAwareResources asks for; the missing rule is {apiGroups: [\"%s\"], resources: [\"%s\"], verbs: [%s]}%s"
              .formatted(
                  account,
                  String.join(", ", missing),
                  kind,
                  kind.group(),
                  kind.plural(),
                  String.join(", ", missing),
                  command(kind)));
    }
  }

  /** What grants it, if the account is a service account. */
  private String command(ApiKind kind) {
    if (!account.startsWith(SERVICE_ACCOUNT)) {
      return "";
    }
    var name = account.substring(SERVICE_ACCOUNT.length());
    var role = "warder-reads-" + kind.plural();
    var resource = kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    return (", as by: kubectl create clusterrole %s --verb=get,list,watch --resource=%s; kubectl"
            + " create clusterrolebinding %s --clusterrole=%s --serviceaccount=%s")
        .formatted(role, resource, role, role, name);
  }

  private boolean isAllowed(ApiKind kind, String verb) throws ReadFailedException {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withGroup(kind.group())
            .withVersion(kind.version())
            .withResource(kind.plural())
            .withVerb(verb)
            .endResourceAttributes()
            .endSpec()
            .build();
    try {
      var answer = client.authorization().v1().selfSubjectAccessReview().create(review);
      return answer.getStatus() != null && Boolean.TRUE.equals(answer.getStatus().getAllowed());
    } catch (KubernetesClientException e) {
      throw ReadFailedException.of("cannot ask whether %s may be read".formatted(kind), e);
    }
  }
}
