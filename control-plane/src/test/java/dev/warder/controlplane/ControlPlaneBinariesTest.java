package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneBinariesTest {

  private static final Set<Component> ALL = EnumSet.allOf(Component.class);

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();

  @Test
  void theFolderNamedByTheUserComesBeforeTheCache() throws IOException {
    Path assets = Programs.in(folder.resolve("assets"), Component.CORE);
    Programs.in(cache().built(), ALL);

    assertThat(locate(Optional.of(assets), Component.CORE).folder()).isEqualTo(assets);
  }

  @Test
  void theCacheIsUsedWhenTheUserNamesNoFolder() throws IOException {
    Path built = Programs.in(cache().built(), Component.CORE);
    Programs.in(cache().bundle(ReleaseBundle.VERSION), Component.CORE);

    assertThat(locate(Optional.empty(), Component.CORE).folder()).isEqualTo(built);
  }

  @Test
  void anEarlierDownloadIsUsedWhenNothingWasBuilt() throws IOException {
    Path bundle = Programs.in(cache().bundle(ReleaseBundle.VERSION), Component.CORE);

    assertThat(locate(Optional.empty(), Component.CORE).folder()).isEqualTo(bundle);
  }

  @Test
  void theCacheServesTheControllerManagerThatTheUsersFolderLacks() throws IOException {
    Path assets = Programs.in(folder.resolve("assets"), Component.CORE);
    Path built = Programs.in(cache().built(), ALL);

    assertThat(locate(Optional.of(assets), ALL).folder()).isEqualTo(built);
    assertThat(told)
        .containsExactly(
            "KUBEBUILDER_ASSETS=" + assets + " has no kube-controller-manager, looking elsewhere");
  }

  @Test
  void aFolderOfTheUserWithoutTheCoreIsAMistakeToBeMended() throws IOException {
    Path assets = Programs.in(folder.resolve("assets"), Set.of(Component.KUBECTL));
    Programs.in(cache().built(), ALL);

    assertThatThrownBy(() -> locate(Optional.of(assets), Component.CORE))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessage(
            "KUBEBUILDER_ASSETS=%s has no etcd, kube-apiserver: correct the variable or unset it",
            assets);
  }

  @Test
  void aFileThatCannotBeExecutedIsNoProgram() throws IOException {
    Path built = Programs.in(cache().built(), Component.CORE);
    Files.delete(built.resolve("kubectl"));
    Files.writeString(built.resolve("kubectl"), "");

    assertThat(new CachedBuild(cache()).find(Component.CORE, told::add)).isEmpty();
  }

  @Test
  void theErrorNamesWhatNoSourceHas() {
    assertThatThrownBy(() -> locate(Optional.empty(), ALL))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageContaining("etcd, kube-apiserver, kubectl, kube-controller-manager")
        .hasMessageContaining("KUBEBUILDER_ASSETS");
  }

  private ControlPlaneBinaries locate(Optional<Path> assets, Set<Component> needed) {
    return ControlPlaneBinaries.locate(
        List.of(
            new AssetsFolder(assets),
            new CachedBuild(cache()),
            new ReleaseBundle(cache(), ReleaseBundle.archiveFor("Linux", "amd64"))),
        needed,
        told::add);
  }

  private CacheFolder cache() {
    return new CacheFolder(folder.resolve("cache"));
  }
}
