package dev.warder.cli.demo;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.controlplane.Component;
import dev.warder.controlplane.ControlPlaneBinaries;
import dev.warder.controlplane.ControlPlaneException;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cluster that exists already, by the name of its context in the user's kubeconfig. */
record NamedCluster(String context, Path kubectl, Path kubeconfig, Shell shell, String webhookHost)
    implements Cluster {
  private static final int CONNECT_MILLIS = 5_000;
  private static final Duration ACCOUNT_WITHIN = Duration.ofSeconds(60);

  /**
   * Finds a cluster and checks that the demo would not meddle with an installation there.
   *
   * @param webhookHost empty to find out
   */
  static NamedCluster find(String context, String webhookHost, Folder folder, Audience audience)
      throws IOException {
    var kubectl = kubectl(audience);
    var kubeconfig = extract(kubectl, context, folder);
    var shell = new Shell(kubectl, kubeconfig.toString(), folder.path());
    var answer = shell.kubectl(List.of("get", "--raw", "/readyz", "--request-timeout=15s"));
    if (!answer.succeeded()) {
      throw new CommandFailedException(
          "the cluster of context " + context + " is not ready: " + answer.output());
    }
    refuseIfInstalled(shell, context);
    var host = webhookHost.isEmpty() ? addressTowards(kubeconfig) : webhookHost;
    return new NamedCluster(context, kubectl, kubeconfig, shell, host);
  }

  private static Path kubectl(Audience audience) {
    var folders =
        System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1);
    return Stream.of(folders)
        .filter(name -> !name.isEmpty())
        .map(name -> Path.of(name, "kubectl").toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> ownKubectl(audience));
  }

  private static Path ownKubectl(Audience audience) {
    try {
      return ControlPlaneBinaries.locate(Set.of(Component.KUBECTL), audience::progress)
          .program(Component.KUBECTL);
    } catch (ControlPlaneException e) {
      throw new CommandFailedException("there is no kubectl on the PATH; " + e.getMessage(), e);
    }
  }

  /** A kubeconfig with this context only, so that no later command can hit another cluster. */
  private static Path extract(Path kubectl, String context, Folder folder) throws IOException {
    var usual = kubeconfigs();
    var answer =
        new Shell(kubectl, usual, folder.path())
            .kubectl(
                List.of("config", "view", "--context", context, "--minify", "--flatten", "--raw"));
    if (!answer.succeeded()) {
      throw new CommandFailedException(
          "no context " + context + " in " + usual + ": " + answer.output());
    }
    var file = folder.path().resolve("kubeconfig");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, answer.stdout());
  }

  /** The user's files as kubectl looks for them, good for use in another folder. */
  private static String kubeconfigs() {
    var given = System.getenv().getOrDefault("KUBECONFIG", "");
    if (given.isEmpty()) {
      return Path.of(System.getProperty("user.home"), ".kube/config").toString();
    }
    return Stream.of(given.split(Pattern.quote(File.pathSeparator), -1))
        .filter(file -> !file.isEmpty())
        .map(file -> Path.of(file).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void refuseIfInstalled(Shell shell, String context) {
    for (var present :
        List.of("customresourcedefinition/" + Installation.CRD, "namespace/warder-system")) {
      if (shell.kubectl(List.of("get", present)).succeeded()) {
        throw new CommandFailedException(
            "the cluster of context %s has a %s already: the demo would meddle with it"
                .formatted(context, present));
      }
    }
  }

  private static String addressTowards(Path kubeconfig) throws IOException {
    var server = URI.create(Config.fromKubeconfig(kubeconfig.toFile()).getMasterUrl());
    var port = server.getPort() < 0 ? 443 : server.getPort();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHost(), port), CONNECT_MILLIS);
      return socket.getLocalAddress().getHostAddress();
    }
  }

  @Override
  public String description() {
    return "the cluster of context " + context;
  }

  @Override
  public void createNamespace(String name) {
    require("create", "namespace", name);
    // A pod cannot be created before its account is there, which takes a controller a moment.
    var deadline = Instant.now().plus(ACCOUNT_WITHIN);
    var account = List.of("get", "serviceaccount", "default", "-n", name);
    while (!shell.kubectl(account).succeeded()) {
      if (Instant.now().isAfter(deadline)) {
        throw new CommandFailedException(
            "namespace %s of context %s got no default service account within %d s: does"
                    .formatted(name, context, ACCOUNT_WITHIN.toSeconds())
                + " kube-controller-manager run there?");
      }
    }
  }

  private void require(String... arguments) {
    var answer = shell.kubectl(List.of(arguments));
    if (!answer.succeeded()) {
      throw new CommandFailedException(answer.line() + " failed: " + answer.output());
    }
  }

  @Override
  public boolean disposable() {
    return false;
  }

  @Override
  public void close() {}
}
