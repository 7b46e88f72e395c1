package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ControllerManagerIT {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerManagerIT.class);

  @Test
  void aDeletedNamespaceGoesAway() {
    try (ControlPlane controlPlane =
        ControlPlane.start(ControlPlaneOptions.defaults().withControllerManager(), LOG::info)) {
      Kubectl kubectl = controlPlane.asAdmin();
      controlPlane.createNamespace("short-lived");

      Kubectl.Result deleted =
          kubectl.run("delete", "namespace", "short-lived", "--wait", "--timeout=60s");

      assertThat(deleted)
          .isEqualTo(new Kubectl.Result(0, "namespace \"short-lived\" deleted\n", ""));
      assertThat(controlPlane.processes()).hasSize(3).allMatch(ProcessHandle::isAlive);
    }
  }
}
