package dev.warder.operator.webhookconfig;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.crd.ClusterAdmissionPolicySpec;
import dev.warder.operator.Labels;
import dev.warder.operator.PolicyIds;
import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import dev.warder.webhook.registry.PolicyId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one webhook configuration per policy as its spec asks: of the validating or of the mutating
 * kind, never both, repaired when changed or deleted by others.
 */
public final class WebhookConfigurations {
  private final String instance;
  private final WebhookTarget target;
  private final Sources sources;

  private record Sources(
      InformerEventSource<ValidatingWebhookConfiguration, ClusterAdmissionPolicy> validating,
      InformerEventSource<MutatingWebhookConfiguration, ClusterAdmissionPolicy> mutating) {}

  public WebhookConfigurations(
      String instance,
      WebhookTarget target,
      EventSourceContext<ClusterAdmissionPolicy> context,
      Predicate<ClusterAdmissionPolicy> ours) {
    this.instance = instance;
    this.target = target;
    this.sources =
        new Sources(
            source(ValidatingWebhookConfiguration.class, context, ours),
            source(MutatingWebhookConfiguration.class, context, ours));
  }

  public List<EventSource<?, ClusterAdmissionPolicy>> eventSources() {
    return List.of(sources.validating(), sources.mutating());
  }

  /**
   * Asks the API server, by a dry run, whether it would take what this spec asks for. It asks as
   * the manager of the present configuration, or lists such as matchConditions would be joined.
   */
  public Optional<Failure> refusal(
      KubernetesClient client, String policy, PolicyId id, ClusterAdmissionPolicySpec spec) {
    var desired = desired(policy, id, spec);
    HasMetadata object = spec.mutating() ? desired.mutating() : desired.validating();
    try {
      client
          .resource(object)
          .dryRun()
          .forceConflicts()
          .fieldManager(Labels.WARDER)
          .serverSideApply();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 400 && e.getCode() != 422) {
        throw e;
      }
      return Optional.of(
          new Failure(
              Reason.WebhookConfigurationRejected,
              "The API server refuses the webhook configuration of this spec: " + message(e)));
    }
  }

  /**
   * Makes the cluster have what the spec asks for.
   *
   * @return whether anything had to be written
   */
  public boolean ensure(
      Context<ClusterAdmissionPolicy> context,
      String policy,
      PolicyId id,
      ClusterAdmissionPolicySpec spec) {
    var desired = desired(policy, id, spec);
    if (spec.mutating()) {
      var written =
          ensure(
              context,
              desired.mutating(),
              sources.mutating(),
              MutatingWebhookConfiguration::getWebhooks);
      return delete(context.getClient(), sources.validating(), id) || written;
    }
    var written =
        ensure(
            context,
            desired.validating(),
            sources.validating(),
            ValidatingWebhookConfiguration::getWebhooks);
    return delete(context.getClient(), sources.mutating(), id) || written;
  }

  /** Whether the API server asks Warder about this policy. */
  public boolean exists(PolicyId id) {
    var name = new ResourceID(id.value());
    return sources.validating().get(name).isPresent() || sources.mutating().get(name).isPresent();
  }

  /** Removes both kinds, whichever exists. */
  public void remove(KubernetesClient client, PolicyId id) {
    var v1 = client.admissionRegistration().v1();
    v1.validatingWebhookConfigurations().withName(id.value()).delete();
    v1.mutatingWebhookConfigurations().withName(id.value()).delete();
  }

  private DesiredWebhook desired(String policy, PolicyId id, ClusterAdmissionPolicySpec spec) {
    return new DesiredWebhook(instance, policy, id, spec, target);
  }

  private static <R extends HasMetadata> boolean ensure(
      Context<ClusterAdmissionPolicy> context,
      R desired,
      InformerEventSource<R, ClusterAdmissionPolicy> source,
      Function<R, List<?>> webhooks) {
    var actual = source.get(new ResourceID(desired.getMetadata().getName()));
    if (actual.isPresent() && same(actual.get(), desired, webhooks)) {
      return false;
    }
    var applied = context.resourceOperations().serverSideApply(desired, source);
    if (!same(applied, desired, webhooks)) {
      // Entries that somebody else added survive an apply; only a replacement removes them.
      desired.getMetadata().setResourceVersion(applied.getMetadata().getResourceVersion());
      context.resourceOperations().update(desired, source);
    }
    return true;
  }

  private static <R extends HasMetadata> boolean same(
      R actual, R desired, Function<R, List<?>> webhooks) {
    return webhooks.apply(actual).equals(webhooks.apply(desired))
        && holds(actual.getMetadata().getLabels(), desired.getMetadata().getLabels())
        && holds(actual.getMetadata().getAnnotations(), desired.getMetadata().getAnnotations());
  }

  private static boolean holds(@Nullable Map<String, String> actual, Map<String, String> desired) {
    return actual != null && actual.entrySet().containsAll(desired.entrySet());
  }

  private static <R extends HasMetadata> boolean delete(
      KubernetesClient client, InformerEventSource<R, ClusterAdmissionPolicy> source, PolicyId id) {
    var stale = source.get(new ResourceID(id.value()));
    stale.ifPresent(object -> client.resource(object).delete());
    return stale.isPresent();
  }

  /**
   * Watches every configuration of the kind: one whose labels were stripped must still be found, so
   * the owner is told by the name.
   */
  private static <R extends HasMetadata> InformerEventSource<R, ClusterAdmissionPolicy> source(
      Class<R> type,
      EventSourceContext<ClusterAdmissionPolicy> context,
      Predicate<ClusterAdmissionPolicy> ours) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, ClusterAdmissionPolicy.class)
            .withSecondaryToPrimaryMapper(
                object ->
                    PolicyIds.owner(object.getMetadata().getName())
                        .filter(
                            owner -> context.getPrimaryCache().get(owner).filter(ours).isPresent())
                        .map(Set::of)
                        .orElseGet(Set::of))
            .build(),
        context);
  }

  private static String message(KubernetesClientException e) {
    var status = e.getStatus();
    return status != null && status.getMessage() != null
        ? status.getMessage()
        : String.valueOf(e.getMessage());
  }
}
