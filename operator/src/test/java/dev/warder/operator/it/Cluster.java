package dev.warder.operator.it;

import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import dev.warder.controlplane.Kubectl;
import dev.warder.crd.ClusterAdmissionPolicy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real API server with the custom resource and Warder's account in it; one for the whole test
 * run. Warder itself runs under its ServiceAccount, tests look on as administrator.
 */
public final class Cluster implements AutoCloseable {
  static final String NAMESPACE = "warder-system";
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final ControlPlane controlPlane;
  private final KubernetesClient admin;
  private final Path warderKubeconfig;

  private Cluster() {
    controlPlane =
        ControlPlane.start(
            ControlPlaneOptions.defaults().withAuditLog(), step -> System.out.println(step));
    kubectl("apply", "--server-side", "-f", ROOT.resolve("config/crd").toString());
    kubectl("apply", "-k", ROOT.resolve("config/rbac").toString());
    kubectl(
        "wait",
        "--for=condition=Established",
        "crd/clusteradmissionpolicies.policies.kubewarden.io");
    admin = client(controlPlane.kubeconfig());
    warderKubeconfig =
        controlPlane.kubeconfigFor(controlPlane.tokenFor(NAMESPACE, "warder"), "warder");
  }

  /** Hands the one cluster to tests that ask for it. */
  public static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(Cluster.class, _ -> new Cluster(), Cluster.class);
    }
  }

  /** The administrator's client. */
  KubernetesClient admin() {
    return admin;
  }

  /** A new client with Warder's own rights. */
  KubernetesClient warderClient() {
    return client(warderKubeconfig);
  }

  /** An administrator's client that takes the first answer for the truth. */
  KubernetesClient clientWithoutRetries() {
    var config = config(controlPlane.kubeconfig());
    config.setRequestRetryBackoffLimit(0);
    config.setRequestTimeout((int) Duration.ofMinutes(1).toMillis());
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  /** Runs kubectl as administrator and gives its output; fails the test when it fails. */
  String kubectl(String... arguments) {
    return succeeded(controlPlane.asAdmin().run(arguments), List.of(arguments));
  }

  /** Applies a manifest as a user would. */
  String apply(String manifest) {
    return succeeded(
        controlPlane.asAdmin().runWithInput(manifest, "apply", "-f", "-"), List.of("apply"));
  }

  /** Applies a manifest that may be refused. */
  Kubectl.Result tryApply(String manifest) {
    return controlPlane.asAdmin().runWithInput(manifest, "apply", "-f", "-");
  }

  /** A namespace that the samples' policies look at. */
  void sampleNamespace(String name) {
    controlPlane.createNamespace(name);
    kubectl("label", "namespace", name, "warder.dev/samples=enabled", "--overwrite");
  }

  ClusterAdmissionPolicy policy(String name) {
    return Objects.requireNonNull(
        admin.resources(ClusterAdmissionPolicy.class).withName(name).get(),
        () -> "no policy " + name);
  }

  /** A file of the source tree. */
  static Path file(String path) {
    return ROOT.resolve(path);
  }

  /** A sample's manifest, with the module that stands in the source tree. */
  static String sample(String name) {
    try {
      return Files.readString(file("samples/" + name + "/policy.yaml"))
          .replaceAll("module: registry://\\S+", "module: " + sampleModule(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sampleModule(String name) {
    return file("samples/" + name + "/policy.wasm").toUri().toString();
  }

  private static String succeeded(Kubectl.Result result, List<String> arguments) {
    if (!result.isSuccess()) {
      throw new AssertionError("kubectl " + arguments + " failed: " + result.stderr());
    }
    return result.stdout();
  }

  private static KubernetesClient client(Path kubeconfig) {
    return new KubernetesClientBuilder().withConfig(config(kubeconfig)).build();
  }

  private static Config config(Path kubeconfig) {
    try {
      return Config.fromKubeconfig(Files.readString(kubeconfig));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close();
    controlPlane.close();
  }
}
