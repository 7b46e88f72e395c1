package dev.warder.cli.serve;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.tuf.TrustRootSource;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.ProgramStorage;
import dev.warder.webhook.http.AdmissionServerOptions;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server without a cluster is told at start.
 *
 * @param policies the file with the policies
 * @param server where it listens; the management port answers {@code /readiness}
 * @param tls empty for plain HTTP
 * @param store folder of the module store
 * @param programs where compiled programs are kept
 * @param fetchLimits limits of each remote read
 * @param trust the files that say which modules are accepted
 * @param trustRoot where Sigstore's public trust root is refreshed from; empty for that of the
 *     release
 * @param budget of one evaluation; its time is the default of timeoutEvalSeconds
 * @param warmUpCpu CPU time to warm up a program with; zero for no warm-up
 * @param failFast whether one bad policy at the start ends everything
 * @param look how often the files are looked at
 * @param cluster that policies read, if they do; closed when serving ends
 */
public record ServeConfig(
    Path policies,
    AdmissionServerOptions server,
    Optional<TlsFiles> tls,
    Path store,
    ProgramStorage programs,
    FetchLimits fetchLimits,
    TrustFiles trust,
    Optional<TrustRootSource> trustRoot,
    EvaluationBudget budget,
    Duration warmUpCpu,
    boolean failFast,
    Duration look,
    Optional<KubernetesClient> cluster) {}
