package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {

  private static final Path HOME = Path.of("/home/somebody");

  @Test
  void liesInTheUsersCacheFolder() {
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "/caches"), HOME).built())
        .isEqualTo(Path.of("/caches/warder/control-plane/" + ControlPlaneBinaries.VERSION));
  }

  @Test
  void liesInTheHomeFolderOtherwise() {
    CacheFolder expected = new CacheFolder(HOME.resolve(".cache/warder"));

    assertThat(CacheFolder.of(Map.of(), HOME)).isEqualTo(expected);
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "relative"), HOME)).isEqualTo(expected);
  }

  @Test
  void keepsEachVersionOfAToolApart() {
    assertThat(CacheFolder.of(Map.of(), HOME).tool("crane", "v0.22.1"))
        .isEqualTo(HOME.resolve(".cache/warder/tools/crane-v0.22.1"));
  }
}
