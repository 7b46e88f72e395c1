package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ControlPlaneIT {

  private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneIT.class);
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: %s
      spec:
        containers:
        - name: main
          image: example.test/image
      """;

  private static ControlPlane shared;

  @BeforeAll
  static void start() {
    shared = ControlPlane.start(ControlPlaneOptions.defaults().withAuditLog(), LOG::info);
  }

  @AfterAll
  static void stop() {
    shared.close();
  }

  @Test
  void isReady() {
    Kubectl.Result ready = shared.asAdmin().run("get", "--raw", "/readyz");

    assertThat(ready).isEqualTo(new Kubectl.Result(0, "ok", ""));
  }

  @Test
  void reportsTheVersionThatItWasBuiltFrom() {
    Kubectl.Result version = shared.asAdmin().run("version");

    assertThat(version.stdout()).containsPattern("Server Version: v1\\.\\d+\\.\\d+");
    assertThat(version.stderr()).isEmpty();
  }

  @Test
  void takesAPodAtOnceAndLogsTheWrite() throws IOException {
    Kubectl.Result created =
        shared.asAdmin().runWithInput(POD.formatted("first"), "create", "-f", "-");

    assertThat(created).isEqualTo(new Kubectl.Result(0, "pod/first created\n", ""));
    assertThat(Files.readAllLines(shared.auditLog().orElseThrow()))
        .anyMatch(l -> l.contains("\"verb\":\"create\"") && l.contains("\"name\":\"first\""))
        .noneMatch(l -> l.contains("\"verb\":\"get\""));
  }

  @Test
  void takesAPodInANewNamespaceAtOnce() {
    shared.createNamespace("team-a");
    shared.createNamespace("team-a");

    Kubectl.Result created =
        shared
            .asAdmin()
            .runWithInput(POD.formatted("first"), "create", "--namespace=team-a", "-f", "-");

    assertThat(created.stdout()).isEqualTo("pod/first created\n");
  }

  @Test
  void aServiceAccountIsItselfAndNoMore() {
    shared.createServiceAccount("default", "robot");
    Path kubeconfig = shared.kubeconfigFor(shared.tokenFor("default", "robot"), "robot");
    Kubectl robot = shared.as(kubeconfig);

    assertThat(robot.run("auth", "whoami").stdout())
        .contains("system:serviceaccount:default:robot");
    assertThat(robot.run("get", "secrets").stderr()).contains("Forbidden");
  }

  @Test
  void theAbsenceOfAServiceAccountIsTold() {
    assertThatThrownBy(() -> shared.tokenFor("default", "nobody"))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageContaining("no token for service account default/nobody")
        .hasMessageContaining("404");
  }

  @Test
  void anAbsentKubeconfigIsRefused() {
    Path absent = shared.kubeconfig().resolveSibling("absent");

    assertThatThrownBy(() -> shared.as(absent))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void credentialsAreForTheOwnerOnly() throws IOException {
    for (Path secret : List.of(shared.kubeconfig(), shared.kubeconfigFor("t", "other"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aSecondOneRunsBesideTheFirstAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    List<ProcessHandle> processes;
    try (ControlPlane second =
        ControlPlane.start(ControlPlaneOptions.defaults().withDataFolder(data), LOG::info)) {
      processes = second.processes();
      assertThat(second.server()).isNotEqualTo(shared.server());
      assertThat(second.auditLog()).isEmpty();
      assertThat(processes).hasSize(2).allMatch(ProcessHandle::isAlive);
      assertThat(second.asAdmin().runWithInput(POD.formatted("p"), "create", "-f", "-").stdout())
          .isEqualTo("pod/p created\n");
    }

    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(data).isDirectory();
    assertThat(shared.asAdmin().run("get", "--raw", "/readyz").stdout()).isEqualTo("ok");
  }
}
