package dev.warder.controlplane;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/**
 * A running API server with its store, reachable on 127.0.0.1 only. Safe for use by several
 * threads.
 *
 * <p>Nothing schedules or runs pods, but they can be created. One control plane uses about 300 MiB
 * of memory and starts within seconds once its programs are there.
 */
public final class ControlPlane implements AutoCloseable {

  static final String ADMIN = "admin";

  private final ControlPlaneOptions options;
  private final ControlPlaneBinaries binaries;
  private final DataFolder data;
  private final Kubeconfig access;
  private final ApiClient api;
  private final ProcessGroup processes;

  ControlPlane(
      ControlPlaneOptions options,
      ControlPlaneBinaries binaries,
      DataFolder data,
      Kubeconfig access,
      ApiClient api,
      ProcessGroup processes) {
    this.options = options;
    this.binaries = binaries;
    this.data = data;
    this.access = access;
    this.api = api;
    this.processes = processes;
  }

  /**
   * Finds or builds the programs, starts them and waits until the API server is ready and a pod can
   * be created in the namespace {@code default}.
   *
   * @throws ControlPlaneException if that fails; nothing keeps running then
   */
  public static ControlPlane start(ControlPlaneOptions options, Progress progress) {
    ControlPlaneBinaries binaries = ControlPlaneBinaries.locate(options.components(), progress);
    try {
      DataFolder data = DataFolder.create(options.dataFolder());
      return new Startup(options, binaries, data, progress).run();
    } catch (IOException | GeneralSecurityException e) {
      throw new ControlPlaneException("cannot start a local control plane: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while starting a local control plane", e);
    }
  }

  /** The address of the API server, without a path. */
  public URI server() {
    return access.server();
  }

  /** The certificate authority of the API server. */
  public String caCertificatePem() {
    return access.caCertificatePem();
  }

  /** A bearer token of a member of {@code system:masters}. */
  public String adminToken() {
    return access.token();
  }

  /** The administrator's kubeconfig, readable by its owner only. */
  public Path kubeconfig() {
    return data.kubeconfig(ADMIN);
  }

  /** The kubectl program. */
  public Path kubectl() {
    return binaries.program(Component.KUBECTL);
  }

  /** The log of all writes, one JSON object a line, if it was asked for. */
  public Optional<Path> auditLog() {
    return options.auditLog() ? Optional.of(data.auditLog()) : Optional.empty();
  }

  /** Runs kubectl as the administrator. */
  public Kubectl asAdmin() {
    return as(kubeconfig());
  }

  /** Runs kubectl with another kubeconfig. */
  public Kubectl as(Path kubeconfig) {
    return new Kubectl(kubectl(), kubeconfig);
  }

  /**
   * Writes another kubeconfig, readable by its owner only.
   *
   * @param token the bearer token of a user or service account
   * @param name the file's name, without its suffix; an existing file is replaced
   */
  public Path kubeconfigFor(String token, String name) {
    try {
      return DataFolder.writeSecret(
          data.kubeconfig(name),
          new Kubeconfig(access.server(), access.caCertificatePem(), token).toYaml());
    } catch (IOException e) {
      throw new ControlPlaneException("cannot write kubeconfig " + name + ": " + e, e);
    }
  }

  /**
   * Makes a namespace, unless it exists, with the service account {@code default} that pods need.
   *
   * @throws ControlPlaneException if the API server refuses
   */
  public void createNamespace(String name) {
    ask(accounts -> accounts.createNamespace(name));
    createServiceAccount(name, "default");
  }

  /**
   * Makes a service account, unless it exists.
   *
   * @throws ControlPlaneException if the API server refuses
   */
  public void createServiceAccount(String namespace, String name) {
    ask(accounts -> accounts.createServiceAccount(namespace, name));
  }

  /**
   * A token of an existing service account, good for one day.
   *
   * @throws ControlPlaneException if the API server refuses
   */
  public String tokenFor(String namespace, String serviceAccount) {
    return ask(accounts -> accounts.token(namespace, serviceAccount));
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.put(new Accounts(api));
    } catch (IOException e) {
      throw new ControlPlaneException("the API server " + server() + " does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while asking the API server", e);
    }
  }

  @FunctionalInterface
  private interface Question<T> {
    T put(Accounts accounts) throws IOException, InterruptedException;
  }

  /** The processes of this control plane. */
  List<ProcessHandle> processes() {
    return processes.handles();
  }

  /** Ends the processes and removes the data folder if it is a temporary one. Can be repeated. */
  @Override
  public void close() {
    api.close();
    processes.close();
  }
}
