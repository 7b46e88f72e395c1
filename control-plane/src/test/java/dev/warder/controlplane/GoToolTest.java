package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoToolTest {

  @TempDir Path folder;

  @Test
  void whatWasBuiltBeforeIsUsedAgain() throws IOException {
    var cache = new CacheFolder(folder);
    Path built = Files.createDirectories(cache.tool("registry", "v3.0.0")).resolve("registry");
    Files.createFile(built);
    Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwx------"));

    assertThat(GoTool.OCI_REGISTRY.locate(cache, Progress.silent())).isEqualTo(built);
  }
}
