package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateFilesTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path folder;

  @Test
  void replacesAFileWhole() throws Exception {
    var place = folder.resolve("file");
    Files.writeString(place, "what was there before");
    PrivateFiles.replace(place, CONTENT);
    assertThat(place).hasBinaryContent(CONTENT);
    assertThat(Files.getPosixFilePermissions(place))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(place));
  }

  /** Nobody can rename a file over a folder, not even the superuser. */
  @Test
  void leavesNothingWhenTheTargetCannotBeWritten() throws Exception {
    var place = folder.resolve("file");
    var inside = Files.writeString(Files.createDirectory(place).resolve("inside"), "kept");
    assertThatThrownBy(() -> PrivateFiles.replace(place, CONTENT)).isInstanceOf(IOException.class);
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(place));
    assertThat(inside).hasContent("kept");
  }

  @Test
  void makesNoFolder() {
    var missing = folder.resolve("missing");
    assertThatThrownBy(() -> PrivateFiles.replace(missing.resolve("file"), CONTENT))
        .isInstanceOf(IOException.class);
    assertThat(missing).doesNotExist();
  }
}
