package dev.warder.policy.host;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.host.crypto.CertificateCalls;
import dev.warder.policy.host.kubernetes.ClusterContext;
import dev.warder.policy.host.kubernetes.ContextLease;
import dev.warder.policy.host.net.DnsCalls;
import dev.warder.policy.host.net.NameResolver;
import dev.warder.policy.host.oci.OciCalls;
import dev.warder.policy.host.tracing.GuestLog;
import java.time.Clock;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Everything that guests can ask for. Closes none of what it was given. */
public final class HostServices implements AutoCloseable {
  private final Optional<ClusterContext> cluster;
  private final OciCalls oci;
  private final DnsCalls dns;
  private final CertificateCalls certificates = new CertificateCalls(Clock.systemUTC());
  private final GuestLog log = new GuestLog();
  private final CallCounts counts = new CallCounts();
  private final UnaryOperator<HostBackend> wrapper;

  /** Whether a record may answer what no cluster does. */
  private final boolean recorded;

  /**
   * @param cluster whose objects policies may read, if there is one
   * @param oci for calls about images
   */
  public HostServices(Optional<ClusterContext> cluster, OciCalls oci) {
    this(cluster, oci, NameResolver.system(), UnaryOperator.identity());
  }

  /**
   * The same, with calls that may be recorded or answered from a record; without a cluster what
   * reads one is answered only from a record.
   */
  public HostServices(Optional<ClusterContext> cluster, OciCalls oci, HostSessions sessions) {
    this(cluster, oci, NameResolver.system(), sessions::wrap, true);
  }

  HostServices(
      Optional<ClusterContext> cluster,
      OciCalls oci,
      NameResolver resolver,
      UnaryOperator<HostBackend> wrapper) {
    this(cluster, oci, resolver, wrapper, false);
  }

  private HostServices(
      Optional<ClusterContext> cluster,
      OciCalls oci,
      NameResolver resolver,
      UnaryOperator<HostBackend> wrapper,
      boolean recorded) {
    this.cluster = cluster;
    this.oci = oci;
    this.dns = new DnsCalls(resolver);
    this.wrapper = wrapper;
    this.recorded = recorded;
  }

  /**
   * Lets a policy make calls. Fails with {@code ContextUnavailable} if it is granted kinds that
   * cannot be read; blocks while the API server is asked for that.
   */
  public Outcome<HostAccess> open(String policy, Grants grants) {
    if (grants.resources().isEmpty() || (cluster.isEmpty() && recorded)) {
      return Outcome.done(access(policy, grants, Optional.empty()));
    }
    return cluster
        .map(
            context ->
                context
                    .open(grants.resources())
                    .map(lease -> access(policy, grants, Optional.of(lease))))
        .orElseGet(
            () ->
                Outcome.failed(
                    Reason.ContextUnavailable,
                    "The policy reads resources of the cluster, and Warder runs here without one"));
  }

  /**
   * Lets a policy that was served before make calls again, whether or not what it reads is there:
   * if not, its calls fail and {@link HostAccess#problem} says why.
   */
  public HostAccess openAgain(String policy, Grants grants) {
    return access(policy, grants, cluster.map(context -> context.openAgain(grants.resources())));
  }

  private HostAccess access(String policy, Grants grants, Optional<ContextLease> lease) {
    var backend = wrapper.apply(new ServicesBackend(this, lease));
    return new HostAccess(
        policy,
        grants,
        backend,
        counts,
        cluster.flatMap(one -> lease.map(held -> new HostAccess.Held(one, held))));
  }

  /** How often an operation was called, since the start. */
  public long calls(HostOperation operation) {
    return counts.calls(operation);
  }

  /** How often a policy asked for what it was not granted, since the start. */
  public long violations() {
    return counts.violations();
  }

  Optional<ClusterContext> cluster() {
    return cluster;
  }

  OciCalls oci() {
    return oci;
  }

  DnsCalls dns() {
    return dns;
  }

  CertificateCalls certificates() {
    return certificates;
  }

  GuestLog log() {
    return log;
  }

  @Override
  public void close() {
    dns.close();
    certificates.close();
  }
}
