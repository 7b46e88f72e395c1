package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real programs say that a port is taken in words of their own. */
class PortsIT {

  @TempDir Path folder;

  @Test
  void aTakenPortOfEtcdIsRecognised() throws Exception {
    try (var taken = taken()) {
      Ports free = Ports.free();
      assertTaken("etcd", new Ports(taken.getLocalPort(), free.etcdPeer(), free.apiServer()));
    }
  }

  @Test
  void aTakenPortOfKubeApiserverIsRecognised() throws Exception {
    try (var taken = taken()) {
      Ports free = Ports.free();
      assertTaken(
          "kube-apiserver", new Ports(free.etcdClient(), free.etcdPeer(), taken.getLocalPort()));
    }
  }

  private void assertTaken(String program, Ports ports) throws Exception {
    var startup =
        new Startup(
            ControlPlaneOptions.defaults(),
            ControlPlaneBinaries.locate(System.out::println),
            DataFolder.create(Optional.of(folder.resolve("data"))),
            Progress.silent());

    assertThatThrownBy(() -> startup.attempt(ports))
        .isInstanceOf(Startup.PortTakenException.class)
        .hasMessage("a port of " + program + " was taken");
  }

  private static ServerSocket taken() throws Exception {
    return new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }
}
