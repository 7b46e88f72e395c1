package dev.warder.operator.policy;

import dev.warder.crd.ClusterAdmissionPolicy;
import dev.warder.operator.OperatorConfig;
import dev.warder.operator.PolicyIds;
import dev.warder.operator.budget.BudgetAnnotations;
import dev.warder.operator.policy.Attempts.Progress;
import dev.warder.operator.policy.PreparationKey.Asked;
import dev.warder.operator.policy.TagRefresh.Found;
import dev.warder.operator.policyserver.Trust;
import dev.warder.operator.revision.PolicyGrants;
import dev.warder.operator.revision.Revision;
import dev.warder.operator.revision.Revisions;
import dev.warder.operator.status.PolicyEvents;
import dev.warder.operator.status.PolicyStatuses;
import dev.warder.operator.status.PolicyView;
import dev.warder.operator.status.PolicyView.Serving;
import dev.warder.operator.status.PolicyView.Stage;
import dev.warder.operator.webhookconfig.WebhookConfigurations;
import dev.warder.operator.webhookconfig.WebhookTarget;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.webhook.registry.PolicyId;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journey of one policy, from its manifest to enforcement. A generation is served only after it
 * was prepared; one that fails leaves the last good one serving.
 */
public final class ClusterAdmissionPolicyReconciler
    implements Reconciler<ClusterAdmissionPolicy>, Cleaner<ClusterAdmissionPolicy>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterAdmissionPolicyReconciler.class);
  private static final String DEFAULT_POLICY_SERVER = "default";

  private final OperatorConfig config;
  private final WebhookTarget target;
  private final Revisions revisions;
  private final PolicyStatuses statuses;
  private final PolicyEvents events;
  private final Supplier<Trust> trust;
  private final Attempts<PreparationKey, PreparedPolicy> preparations;
  private final Reverification reverification;
  private final TagRefresh refresh;
  private final SimpleInboundEventSource<ClusterAdmissionPolicy> prepared =
      new SimpleInboundEventSource<>("preparations");
  private final Map<PolicyId, Revision> applied = new ConcurrentHashMap<>();
  private @Nullable WebhookConfigurations webhooks;
  private volatile Supplier<Stream<ClusterAdmissionPolicy>> policies = Stream::of;

  public ClusterAdmissionPolicyReconciler(
      OperatorConfig config,
      WebhookTarget target,
      PolicyPreparer preparer,
      Revisions revisions,
      PolicyStatuses statuses,
      PolicyEvents events,
      Supplier<Trust> trust) {
    this.config = config;
    this.target = target;
    this.revisions = revisions;
    this.statuses = statuses;
    this.events = events;
    this.trust = trust;
    Consumer<PolicyId> wake = id -> PolicyIds.owner(id.value()).ifPresent(prepared::propagateEvent);
    var clock = Clock.systemUTC();
    this.preparations =
        new Attempts<>(
            "prepare", (id, key) -> prepare(preparer, id, key), config.retry(), clock, wake);
    this.refresh =
        new TagRefresh((id, key) -> prepare(preparer, id, key), config.retry(), clock, wake);
    this.reverification =
        new Reverification(preparer, revisions, trust, config.retry(), clock, wake);
  }

  private static Outcome<PreparedPolicy> prepare(
      PolicyPreparer preparer, PolicyId id, PreparationKey key) {
    var asked = key.asked();
    return preparer.prepare(
        new PreparationRequest(
            asked.module(),
            asked.settings(),
            asked.budget(),
            Optional.empty(),
            Requirement.of(key.required()),
            id.value(),
            asked.grants()),
        step -> LOG.info("{}: {}", id, step));
  }

  @Override
  public List<EventSource<?, ClusterAdmissionPolicy>> prepareEventSources(
      EventSourceContext<ClusterAdmissionPolicy> context) {
    webhooks = new WebhookConfigurations(config.instance(), target, context, this::ours);
    var sources = new ArrayList<>(webhooks.eventSources());
    sources.add(prepared);
    policies = () -> context.getPrimaryCache().list();
    return sources;
  }

  /** Looks at the policies that read the cluster again, as some of that has come or gone. */
  public void contextChanged() {
    policies
        .get()
        .filter(policy -> !PolicyGrants.of(policy.getSpec()).resources().isEmpty())
        .map(ResourceID::fromResource)
        .forEach(prepared::propagateEvent);
  }

  /** Looks at all policies again, as what is required of their modules has changed. */
  public void trustChanged() {
    policies.get().map(ResourceID::fromResource).forEach(prepared::propagateEvent);
  }

  /**
   * Whether an update is one to act on. Status is Warder's own, and budgets are in annotations,
   * which have no part in the generation.
   */
  public static boolean asksForMore(ClusterAdmissionPolicy now, ClusterAdmissionPolicy before) {
    var metadata = now.getMetadata();
    var former = before.getMetadata();
    return !Objects.equals(metadata.getGeneration(), former.getGeneration())
        || !Objects.equals(metadata.getFinalizers(), former.getFinalizers())
        || now.isMarkedForDeletion()
        || !BudgetAnnotations.of(now).equals(BudgetAnnotations.of(before))
        || !RefreshInterval.text(now).equals(RefreshInterval.text(before));
  }

  /** Whether this instance serves the policy. */
  public boolean ours(ClusterAdmissionPolicy policy) {
    return Optional.ofNullable(policy.getSpec())
        .map(spec -> Objects.requireNonNullElse(spec.policyServer(), DEFAULT_POLICY_SERVER))
        .filter(config.instance()::equals)
        .isPresent();
  }

  @Override
  public UpdateControl<ClusterAdmissionPolicy> reconcile(
      ClusterAdmissionPolicy policy, Context<ClusterAdmissionPolicy> context) {
    var id = id(policy);
    forgetNamesake(context, policy);
    var seen = announce(context, policy);
    var reached = advance(context, policy);
    var advanced = reached instanceof Stage.Served ? refreshed(context, policy) : reached;
    revisions.current(id).ifPresent(revision -> keepWebhook(context, policy, revision));
    var verified = reverification.stage(id);
    var stage =
        advanced instanceof Stage.Served
            ? verified.or(() -> unseen(id)).orElse(advanced)
            : advanced;
    statuses.write(context, seen, view(policy, stage, verified));
    return Stream.of(preparations.nextTry(id), reverification.nextTry(id), refresh.nextLook(id))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .map(UpdateControl.<ClusterAdmissionPolicy>noUpdate()::rescheduleAfter)
        .orElseGet(UpdateControl::noUpdate);
  }

  /** Why the generation that is served does not see the cluster, if it does not. */
  private Optional<Stage> unseen(PolicyId id) {
    return revisions
        .current(id)
        .flatMap(revision -> revision.prepared().access().problem())
        .map(Stage.Failed::new);
  }

  /** A policy of the same name that was deleted while nobody watched is not this policy. */
  private void forgetNamesake(
      Context<ClusterAdmissionPolicy> context, ClusterAdmissionPolicy policy) {
    var id = id(policy);
    revisions
        .current(id)
        .filter(revision -> !revision.uid().equals(policy.getMetadata().getUid()))
        .ifPresent(_ -> forget(context, id));
  }

  /** The first write, before anything that may take time. */
  private ClusterAdmissionPolicy announce(
      Context<ClusterAdmissionPolicy> context, ClusterAdmissionPolicy policy) {
    return PolicyStatuses.announced(policy)
        ? policy
        : statuses.write(context, policy, view(policy, new Stage.Preparing()));
  }

  /** Brings the present generation, with the budget that it asks for now, as far as it comes. */
  private Stage advance(Context<ClusterAdmissionPolicy> context, ClusterAdmissionPolicy policy) {
    return switch (config.budgets().grant(policy.getSpec(), BudgetAnnotations.of(policy))) {
      case Outcome.Done<EvaluationBudget>(var budget) -> advance(context, policy, budget);
      case Outcome.Failed<EvaluationBudget>(var failure) -> {
        preparations.forget(id(policy));
        yield new Stage.Failed(failure);
      }
    };
  }

  private Stage advance(
      Context<ClusterAdmissionPolicy> context,
      ClusterAdmissionPolicy policy,
      EvaluationBudget budget) {
    var id = id(policy);
    var spec = policy.getSpec();
    var asked = Asked.of(spec, budget);
    var like = revisions.current(id).filter(revision -> asked(revision).equals(asked));
    if (like.isPresent()) {
      var revision = like.get();
      if (revision.spec().equals(spec) && revision.generation() == generation(policy)) {
        preparations.forget(id);
        return new Stage.Served();
      }
      return serve(context, policy, budget, revision.prepared(), revision.trust());
    }
    var now = trust.get();
    if (now.unusable().isPresent()) {
      return new Stage.Failed(now.unusable().get());
    }
    var required = now.settings().required();
    return switch (preparations.progress(id, new PreparationKey(asked, required))) {
      case Progress.Pending<PreparedPolicy>(var before) ->
          before.<Stage>map(Progress.Refused::stage).orElseGet(Stage.Preparing::new);
      case Progress.Refused<PreparedPolicy> refused -> refused.stage();
      case Progress.Ready<PreparedPolicy>(var ready) ->
          serve(context, policy, budget, ready, now.settings().trust());
    };
  }

  /** The generation is served; perhaps its tag has moved. */
  private Stage refreshed(Context<ClusterAdmissionPolicy> context, ClusterAdmissionPolicy policy) {
    var now = trust.get();
    var served = revisions.current(id(policy));
    if (now.unusable().isPresent() || served.isEmpty()) {
      return new Stage.Served();
    }
    var revision = served.get();
    var key = new PreparationKey(asked(revision), now.settings().required());
    return switch (RefreshInterval.of(policy)) {
      case Outcome.Failed<Optional<Duration>>(var failure) -> new Stage.Failed(failure);
      case Outcome.Done<Optional<Duration>>(var interval) ->
          switch (refresh.look(revision, key, interval)) {
            case Found.Nothing() -> new Stage.Served();
            case Found.Refused(var stage) -> stage;
            case Found.Moved(var prepared) ->
                serve(context, policy, revision.budget(), prepared, now.settings().trust());
          };
    };
  }

  private static Asked asked(Revision revision) {
    return Asked.of(revision.spec(), revision.budget());
  }

  private Stage serve(
      Context<ClusterAdmissionPolicy> context,
      ClusterAdmissionPolicy policy,
      EvaluationBudget budget,
      PreparedPolicy ready,
      String acceptedBy) {
    var id = id(policy);
    var refusal =
        webhooks()
            .refusal(context.getClient(), policy.getMetadata().getName(), id, policy.getSpec());
    if (refusal.isPresent()) {
      return new Stage.Failed(refusal.get());
    }
    revisions.promote(
        new Revision(
            id,
            policy.getMetadata().getUid(),
            generation(policy),
            policy.getSpec(),
            BudgetAnnotations.of(policy),
            budget,
            ready,
            acceptedBy));
    ready
        .verification()
        .ifPresent(found -> events.tell(policy, Reason.ModuleVerified, found.text()));
    preparations.forget(id);
    return new Stage.Served();
  }

  private void keepWebhook(
      Context<ClusterAdmissionPolicy> context, ClusterAdmissionPolicy policy, Revision revision) {
    var written =
        webhooks().ensure(context, policy.getMetadata().getName(), revision.id(), revision.spec());
    var before = applied.put(revision.id(), revision);
    if (written && revision.equals(before)) {
      events.tell(
          policy,
          Reason.WebhookConfigurationRepaired,
          "Somebody changed or deleted the webhook configuration; it is as spec asks again.");
    }
  }

  @Override
  public DeleteControl cleanup(
      ClusterAdmissionPolicy policy, Context<ClusterAdmissionPolicy> context) {
    forget(context, id(policy));
    events.tell(policy, Reason.PolicyRemoved, "The policy is no longer enforced.");
    return DeleteControl.defaultDelete();
  }

  /** Webhook first: a served policy without one is harmless, the opposite is not. */
  private void forget(Context<ClusterAdmissionPolicy> context, PolicyId id) {
    preparations.forget(id);
    reverification.forget(id);
    refresh.forget(id);
    webhooks().remove(context.getClient(), id);
    applied.remove(id);
    revisions.remove(id);
  }

  @Override
  public ErrorStatusUpdateControl<ClusterAdmissionPolicy> updateErrorStatus(
      ClusterAdmissionPolicy policy, Context<ClusterAdmissionPolicy> context, Exception e) {
    if (policy.isMarkedForDeletion()) {
      return ErrorStatusUpdateControl.defaultErrorProcessing();
    }
    var failure =
        new Failure(
            Reason.ClusterRequestFailed,
            "A request to the API server failed: " + String.valueOf(e.getMessage()));
    statuses.write(context, policy, view(policy, new Stage.Failed(failure)));
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  private PolicyView view(ClusterAdmissionPolicy policy, Stage stage) {
    return view(policy, stage, reverification.stage(id(policy)));
  }

  private PolicyView view(ClusterAdmissionPolicy policy, Stage stage, Optional<Stage> verified) {
    var lost = verified.filter(Stage.Failed.class::isInstance).isPresent();
    return new PolicyView(generation(policy), stage, serving(id(policy), lost));
  }

  private Optional<Serving> serving(PolicyId id, boolean lost) {
    return revisions
        .serving(id)
        .filter(_ -> webhooks().exists(id))
        .map(revision -> revision.serving(lost));
  }

  private static PolicyId id(ClusterAdmissionPolicy policy) {
    return PolicyIds.clusterAdmissionPolicy(policy.getMetadata().getName());
  }

  private static long generation(ClusterAdmissionPolicy policy) {
    return policy.getMetadata().getGeneration();
  }

  private WebhookConfigurations webhooks() {
    return Objects.requireNonNull(webhooks, "event sources are prepared before any reconcile");
  }

  @Override
  public void close() {
    preparations.close();
    reverification.close();
    refresh.close();
  }
}
