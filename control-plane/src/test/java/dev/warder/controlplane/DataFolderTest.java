package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

  @TempDir Path folder;

  @Test
  void secretsAreForTheirOwnerOnlyEvenWhenReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    DataFolder.writeSecret(file, "new");

    assertThat(file).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aTemporaryFolderIsClosedToOthersAndGoesAway() throws IOException {
    DataFolder data = DataFolder.create(Optional.empty());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.root())))
        .isEqualTo("rwx------");

    data.deleteIfTemporary();

    assertThat(data.root()).doesNotExist();
  }

  @Test
  void aFolderOfTheUserStays() throws IOException {
    DataFolder data = DataFolder.create(Optional.of(folder.resolve("mine")));

    data.deleteIfTemporary();

    assertThat(data.root()).isEqualTo(folder.resolve("mine")).isDirectory();
  }

  @Test
  void aFolderWithOtherFilesIsLeftAlone() throws IOException {
    Files.createFile(folder.resolve("photo.jpg"));

    assertThatThrownBy(() -> DataFolder.create(Optional.of(folder)))
        .isInstanceOf(ControlPlaneException.class)
        .hasMessageContaining("not empty");
  }
}
