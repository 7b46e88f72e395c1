package dev.warder.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWatchTest {
  private @TempDir Path folder;
  private List<Path> files;

  @BeforeEach
  void write() throws IOException {
    files =
        List.of(
            Files.writeString(folder.resolve("a"), "1"),
            Files.writeString(folder.resolve("b"), "2"));
  }

  @Test
  void tellsAChangeThatLastsOnce() throws IOException {
    var watch = new FileWatch(files, FileWatch.read(files));
    assertThat(watch.look()).isEmpty();

    Files.writeString(files.getLast(), "3");
    assertThat(watch.look()).isEmpty();
    assertThat(watch.look().orElseThrow()).containsExactly(new byte[] {'1'}, new byte[] {'3'});
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void anyContentIsAChangeOfWhatIsNotKnown() throws IOException {
    var watch = new FileWatch(files, List.of());
    Files.delete(files.getLast());
    assertThat(watch.look()).isEmpty();

    Files.writeString(files.getLast(), "2");
    assertThat(watch.look()).isEmpty();
    assertThat(watch.look().orElseThrow()).containsExactly(new byte[] {'1'}, new byte[] {'2'});
    assertThat(watch.look()).isEmpty();
  }
}
