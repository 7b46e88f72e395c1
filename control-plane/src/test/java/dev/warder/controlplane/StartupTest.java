package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are shell scripts show what happens when a real one does not start. */
class StartupTest {

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private Path data;

  @BeforeEach
  void programs() throws IOException {
    data = folder.resolve("data");
    Programs.in(folder, Component.CORE);
    script(Component.ETCD, "echo $$ > etcd.pid; exec sleep 1000");
  }

  @Test
  void theErrorHasTheLastLinesOfTheLogAndNothingKeepsRunning() throws Exception {
    // It ends only once etcd has told its process id.
    script(
        Component.KUBE_APISERVER,
        "until [ -s etcd.pid ]; do sleep 0.01; done; echo unknown flag; exit 3");

    assertThatThrownBy(() -> startup().run())
        .isInstanceOf(ControlPlaneException.class)
        .hasMessage("kube-apiserver ended with code 3: unknown flag");

    long etcd = Long.parseLong(Files.readString(data.resolve("etcd.pid")).strip());
    assertThat(ProcessHandle.of(etcd).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aTakenPortIsTriedAgainWithOthersButNotForEver() throws Exception {
    script(
        Component.KUBE_APISERVER,
        "echo 'listen tcp 127.0.0.1:1: bind: address already in use'; exit 1");

    assertThatThrownBy(() -> startup().run())
        .isInstanceOf(ControlPlaneException.class)
        .hasMessage("a port of kube-apiserver was taken 5 times in a row");

    assertThat(told)
        .filteredOn(m -> m.equals("a port of kube-apiserver was taken, trying other ports"))
        .hasSize(4);
  }

  @Test
  void aProgramThatCannotBeStartedIsNamed() throws Exception {
    script(Component.KUBE_APISERVER, "exec /absent/program");

    assertThatThrownBy(() -> startup().run())
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageStartingWith("kube-apiserver ended with code")
        .hasMessageContaining("/absent/program");
  }

  private Startup startup() throws IOException {
    return new Startup(
        ControlPlaneOptions.defaults(),
        new ControlPlaneBinaries(folder),
        DataFolder.create(Optional.of(data)),
        told::add);
  }

  private void script(Component component, String body) throws IOException {
    Files.writeString(folder.resolve(component.fileName()), "#!/bin/sh\n" + body + "\n");
  }
}
