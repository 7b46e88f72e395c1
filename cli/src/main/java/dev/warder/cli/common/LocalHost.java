package dev.warder.cli.common;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.host.HostServices;
import dev.warder.policy.host.HostSessions;
import dev.warder.policy.host.kubernetes.ClusterContext;
import dev.warder.policy.host.oci.OciCalls;
import dev.warder.policy.verify.TrustRoot;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What policies can ask for when they run in this program, with the rights of whoever runs it. */
public final class LocalHost implements AutoCloseable {
  private static final long CONTEXT_BYTES = 256L << 20;

  private final Deque<Runnable> parts = new ArrayDeque<>();
  private final HostSessions sessions = new HostSessions();
  private final ImageRegistries images;
  private final HostServices services;
  private volatile Supplier<TrustRoot> trust;

  private LocalHost(
      Optional<KubernetesClient> client,
      Sources sources,
      Supplier<TrustRoot> trust,
      Function<Parts, HostServices> make) {
    this.trust = trust;
    images = new ImageRegistries(FetchLimits.forImages(), sources);
    parts.push(images::close);
    var oci = new OciCalls(images, () -> this.trust.get(), Clock.systemUTC());
    parts.push(oci::close);
    services = make.apply(new Parts(client.map(this::context), oci, sessions));
    parts.push(services::close);
  }

  private record Parts(Optional<ClusterContext> cluster, OciCalls oci, HostSessions sessions) {}

  /**
   * For a policy that is tried: its calls can be recorded and answered from a record.
   *
   * @param client of the cluster that policies read, if they do; closed with this
   * @param trust what keyless signatures of images are judged by; asked when one is
   */
  public static LocalHost forTrials(
      Optional<KubernetesClient> client, Sources sources, Supplier<TrustRoot> trust) {
    return new LocalHost(
        client,
        sources,
        trust,
        parts -> new HostServices(parts.cluster(), parts.oci(), parts.sessions()));
  }

  /** For policies that are served: without a cluster none is that reads one. */
  public static LocalHost forServing(
      Optional<KubernetesClient> client, Sources sources, Supplier<TrustRoot> trust) {
    return new LocalHost(
        client, sources, trust, parts -> new HostServices(parts.cluster(), parts.oci()));
  }

  /** Goes by these from now on. */
  public void use(Sources sources, Supplier<TrustRoot> now) {
    images.use(sources);
    trust = now;
  }

  private ClusterContext context(KubernetesClient client) {
    parts.push(client::close);
    var user = client.getConfiguration().getUsername();
    var context =
        new ClusterContext(
            client, user == null ? "the user of the kubeconfig" : user, CONTEXT_BYTES);
    parts.push(context::close);
    return context;
  }

  public HostServices services() {
    return services;
  }

  public HostSessions sessions() {
    return sessions;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      parts.pop().run();
    }
  }
}
