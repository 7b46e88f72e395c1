package dev.warder.controlplane;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;

/** Brings a control plane up to the point where a client can create a pod. */
final class Startup {

  private static final int ATTEMPTS = 5;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  // If something else got the port, it may accept connections and say nothing.
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(50);

  private final ControlPlaneOptions options;
  private final ControlPlaneBinaries binaries;
  private final DataFolder data;
  private final Progress progress;
  private final Stopwatch taken = Stopwatch.start();

  Startup(
      ControlPlaneOptions options,
      ControlPlaneBinaries binaries,
      DataFolder data,
      Progress progress) {
    this.options = options;
    this.binaries = binaries;
    this.data = data;
    this.progress = progress;
  }

  /**
   * Starts the programs, with other ports if one was taken in the meantime.
   *
   * @throws ControlPlaneException with the last lines of the log of the program that did not start
   */
  ControlPlane run() throws IOException, InterruptedException, GeneralSecurityException {
    for (int left = ATTEMPTS - 1; ; left--) {
      try {
        return attempt(Ports.free());
      } catch (PortTakenException e) {
        if (left == 0) {
          throw new ControlPlaneException(e.getMessage() + " " + ATTEMPTS + " times in a row", e);
        }
        progress.step(e.getMessage() + ", trying other ports");
      }
    }
  }

  ControlPlane attempt(Ports ports)
      throws IOException, InterruptedException, GeneralSecurityException, PortTakenException {
    progress.step("starting etcd and kube-apiserver on 127.0.0.1:" + ports.apiServer());
    data.prepare();
    var processes = new ProcessGroup(data);
    try {
      String token = Tokens.random();
      DataFolder.writeSecret(data.tokens(), Tokens.adminLine(token));
      DataFolder.writeSecret(data.serviceAccountKey(), Pem.newPrivateKey());
      Files.writeString(data.auditPolicy(), AuditPolicy.WRITES_ONLY);
      var commands = new CommandLines(binaries, data, ports);
      processes.start(Component.ETCD, commands.etcd());
      processes.start(Component.KUBE_APISERVER, commands.kubeApiserver(options.auditLog()));

      X509Certificate authority = awaitAuthority(processes);
      URI server = URI.create("https://127.0.0.1:" + ports.apiServer());
      var access = new Kubeconfig(server, Pem.certificate(authority), token);
      Files.writeString(data.certificateAuthority(), access.caCertificatePem());
      DataFolder.writeSecret(data.kubeconfig(ControlPlane.ADMIN), access.toYaml());
      ApiClient api = connect(new ApiClient(server, authority, token), processes, commands);
      progress.step("the API server is ready after " + taken);
      return new ControlPlane(options, binaries, data, access, api, processes);
    } catch (IOException
        | InterruptedException
        | GeneralSecurityException
        | RuntimeException
        | PortTakenException e) {
      processes.close();
      throw e;
    }
  }

  /** Waits until kube-apiserver has made its certificate. */
  private X509Certificate awaitAuthority(ProcessGroup processes)
      throws IOException, InterruptedException, PortTakenException {
    while (true) {
      Optional<X509Certificate> authority = authority();
      if (authority.isPresent()) {
        return authority.get();
      }
      pause(processes, "kube-apiserver has made no certificate");
    }
  }

  private Optional<X509Certificate> authority() throws IOException {
    if (!Files.exists(data.servingCertificate())) {
      return Optional.empty();
    }
    try {
      return Pem.authorityIn(Files.readString(data.servingCertificate()));
    } catch (CertificateException stillBeingWritten) {
      return Optional.empty();
    }
  }

  private ApiClient connect(ApiClient api, ProcessGroup processes, CommandLines commands)
      throws IOException, InterruptedException, PortTakenException {
    boolean ready = false;
    try {
      awaitReady(api, processes);
      if (options.controllerManager()) {
        processes.start(Component.KUBE_CONTROLLER_MANAGER, commands.kubeControllerManager());
      }
      ready = true;
      return api;
    } finally {
      if (!ready) {
        api.close();
      }
    }
  }

  private void awaitReady(ApiClient api, ProcessGroup processes)
      throws InterruptedException, PortTakenException {
    var accounts = new Accounts(api);
    String last = "no answer yet";
    while (true) {
      try {
        ApiClient.Answer ready = api.get("/readyz", PROBE_LIMIT);
        // A pod needs the account, and only a moment after the start is there a namespace for it.
        ApiClient.Answer answer =
            ready.isSuccess() ? accounts.createServiceAccount("default", "default") : ready;
        if (answer.isSuccess()) {
          return;
        }
        last = answer.status() + " " + answer.body();
      } catch (IOException e) {
        last = e.toString();
      }
      pause(processes, "kube-apiserver is not ready (" + last + ")");
    }
  }

  private void pause(ProcessGroup processes, String awaited)
      throws InterruptedException, PortTakenException {
    Optional<ProcessGroup.Member> dead = processes.firstDead();
    if (dead.isPresent()) {
      throw failure(dead.get());
    }
    if (taken.isOver(LIMIT)) {
      throw new ControlPlaneException(
          "%s after %s: %s"
              .formatted(awaited, taken, LogTail.of(data.log(Component.KUBE_APISERVER))));
    }
    Thread.sleep(POLL);
  }

  private static ControlPlaneException failure(ProcessGroup.Member dead) throws PortTakenException {
    String program = dead.component().fileName();
    if (LogTail.mentions(dead.log(), "address already in use")) {
      throw new PortTakenException("a port of " + program + " was taken");
    }
    return new ControlPlaneException(
        "%s ended with code %d: %s"
            .formatted(program, dead.process().exitValue(), LogTail.of(dead.log())));
  }

  /** Another process was faster to use a port that was free. */
  static final class PortTakenException extends Exception {

    private static final long serialVersionUID = 1L;

    PortTakenException(String message) {
      super(message);
    }
  }
}
