package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoBuildTest {

  @TempDir Path folder;

  @Test
  void theModuleRequiresTheVersionThatTheCacheIsNamedAfter() throws IOException {
    assertThat(GoModule.goMod().lines())
        .contains("require k8s.io/kubernetes " + ControlPlaneBinaries.VERSION)
        .contains("go 1." + GoCommand.MINIMUM_MINOR + ".0");
  }

  @Test
  void everyStagingModuleHasTheMatchingVersion() throws IOException {
    String staging = ControlPlaneBinaries.VERSION.replaceFirst("v1", "v0");

    List<String> replaces = GoModule.goMod().lines().filter(l -> l.contains("=>")).toList();

    assertThat(replaces)
        .hasSize(31)
        .allMatch(l -> l.matches("\t(k8s\\.io/[a-z-]+) => \\1 " + staging.replace(".", "\\.")));
  }

  @Test
  void everyStagingModuleInUseHasItsSum() throws IOException {
    GoModule.writeTo(folder);

    String staging = ControlPlaneBinaries.VERSION.replaceFirst("v1", "v0");
    assertThat(Files.readAllLines(folder.resolve("go.sum")))
        .anyMatch(l -> l.startsWith("k8s.io/kubernetes " + ControlPlaneBinaries.VERSION + " h1:"))
        .anyMatch(l -> l.startsWith("k8s.io/apiserver " + staging + " h1:"))
        .anyMatch(l -> l.startsWith("k8s.io/kubectl " + staging + " h1:"));
  }

  @Test
  void theProgramsAreToldTheirVersion() {
    String flags = GoBuild.arguments(Component.KUBECTL, Path.of("out")).get(3);

    assertThat(flags)
        .contains("-X k8s.io/component-base/version.gitVersion=" + ControlPlaneBinaries.VERSION)
        .contains("-X k8s.io/client-go/pkg/version.gitMajor=1")
        .contains("-X k8s.io/client-go/pkg/version.gitMinor=35");
  }

  @Test
  void etcdIsBuiltUnderTheNameOfItsPackage() {
    assertThat(GoBuild.arguments(Component.ETCD, Path.of("out")))
        .endsWith("-o", "out", "go.etcd.io/etcd/server/v3");
  }
}
