package dev.warder.operator;

import dev.warder.operator.policyserver.InstanceSettings;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.host.HostServices;
import dev.warder.policy.host.kubernetes.ClusterContext;
import dev.warder.policy.host.oci.OciCalls;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.TrustRoot;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/** What policies can ask this instance for, by the settings of its PolicyServer. */
final class PolicyHost implements AutoCloseable {
  private final KubernetesClient reader;
  private final ClusterContext context;
  private final ImageRegistries images;
  private final OciCalls oci;
  private final HostServices services;
  private volatile Supplier<TrustRoot> trust = TrustRoot::publicGood;

  PolicyHost(KubernetesClient own, OperatorConfig config, Clock clock) {
    var account = config.context().account();
    reader = ContextClient.of(own, account);
    context = new ClusterContext(reader, account, config.context().memoryBytes());
    images = new ImageRegistries(FetchLimits.forImages(), config.sources());
    oci = new OciCalls(images, () -> trust.get(), clock);
    services = new HostServices(Optional.of(context), oci);
  }

  /**
   * Goes by these settings from now on.
   *
   * @param publicRoot that of Sigstore's public instance as it is known then
   */
  void use(InstanceSettings settings, Supplier<TrustRoot> publicRoot) {
    images.use(settings.sources());
    trust = SignaturePolicy.trustRootOr(settings.required(), publicRoot);
  }

  HostServices services() {
    return services;
  }

  ClusterContext context() {
    return context;
  }

  @Override
  public void close() {
    services.close();
    oci.close();
    images.close();
    context.close();
    reader.close();
  }
}
