package dev.warder.operator;

import dev.warder.operator.budget.BudgetRange;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.tuf.TrustRootSource;
import dev.warder.policy.wasi.ProgramStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an instance of Warder is told at start.
 *
 * @param instance serves the policies whose spec.policyServer is this name
 * @param namespace where Warder keeps its Secret and ConfigMaps; policies skip it unless told not
 *     to
 * @param endpoint how the API server reaches the webhook
 * @param bindAddress address of both listeners
 * @param webhookPort port of the admission listener (TLS); 0 takes a free one
 * @param managementPort port of probes and metrics (plain HTTP); 0 takes a free one
 * @param store folder of the module store
 * @param programs where compiled programs are kept
 * @param fetchLimits limits of each remote read
 * @param sources where modules may come from, besides what the PolicyServer says
 * @param trustRoot where Sigstore's public trust root is refreshed from; empty for that of the
 *     release, whatever else is kept in the store
 * @param budgets of one evaluation; the usual time is the default of spec.timeoutEvalSeconds
 * @param workers evaluations at a time
 * @param queue requests that may wait for a worker
 * @param warmUpCpu CPU time to warm up one module with; zero for no warm-up
 * @param retry waits between tries of a failed preparation
 * @param context how policies see the cluster
 */
public record OperatorConfig(
    String instance,
    String namespace,
    WebhookEndpoint endpoint,
    String bindAddress,
    int webhookPort,
    int managementPort,
    Path store,
    ProgramStorage programs,
    FetchLimits fetchLimits,
    Sources sources,
    Optional<TrustRootSource> trustRoot,
    BudgetRange budgets,
    int workers,
    int queue,
    Duration warmUpCpu,
    RetryDelays retry,
    ContextSettings context) {}
