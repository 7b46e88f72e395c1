package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TarFilesTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private Path archive;
  private Path target;

  @BeforeEach
  void name() {
    archive = directory.resolve("archive.tar");
    target = directory.resolve("target");
  }

  @Test
  void unpacksWhatItPacked() throws IOException {
    var folder = Files.createDirectories(directory.resolve("folder/blobs/sha256"));
    var large = new byte[70_000];
    Files.write(folder.resolve("0".repeat(64)), large);
    Files.write(directory.resolve("folder/index.json"), CONTENT);
    Outcomes.value(TarFiles.pack(directory.resolve("folder"), archive));
    Outcomes.value(unpack());
    assertThat(target.resolve("index.json")).hasBinaryContent(CONTENT);
    assertThat(target.resolve("blobs/sha256").resolve("0".repeat(64))).hasBinaryContent(large);
  }

  @Test
  void isReadableForTar() throws Exception {
    var folder = Files.createDirectories(directory.resolve("folder/blobs"));
    Files.write(folder.resolve("a"), CONTENT);
    Outcomes.value(TarFiles.pack(directory.resolve("folder"), archive));
    var tar = new ProcessBuilder("tar", "-xOf", archive.toString(), "blobs/a").start();
    assertThat(tar.getInputStream().readAllBytes()).isEqualTo(CONTENT);
    assertThat(tar.waitFor()).isZero();
  }

  @Test
  void readsWhatTarWrote() throws Exception {
    var folder = Files.createDirectories(directory.resolve("folder/blobs"));
    Files.write(folder.resolve("a"), CONTENT);
    var tar =
        new ProcessBuilder(
                "tar", "-cf", archive.toString(), "-C", folder.resolveSibling(".").toString(), ".")
            .start();
    assertThat(tar.waitFor()).isZero();
    Outcomes.value(unpack());
    assertThat(target.resolve("blobs/a")).hasBinaryContent(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "/a", "a/../../b", "a/../b", "..", "a/.."})
  void refusesNamesThatLeadElsewhere(String name) throws IOException {
    write(new TarHeader(name, false, CONTENT.length).write());
    assertRefused("leads out of the archive");
    assertThat(target).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3", "6"})
  void refusesLinksAndDevices(String type) throws IOException {
    write(changed(new TarHeader("a", false, 0).write(), 156, (byte) type.charAt(0)));
    assertRefused("a link or something else");
  }

  @Test
  void refusesAFileThatIsThereTwice() throws IOException {
    write(new TarHeader("a", false, 7).write(), new TarHeader("a", false, 7).write());
    assertRefused("cannot be unpacked");
  }

  @Test
  void refusesHugeFiles() throws IOException {
    Files.write(archive, new TarHeader("a", false, 1L << 32).write());
    assertThat(Outcomes.failure(unpack()).reason()).isEqualTo(Reason.ModuleTooLarge);
  }

  @Test
  void refusesWhatIsCutShort() throws IOException {
    Files.write(archive, new TarHeader("a", false, 7).write());
    assertRefused("cut short");
  }

  @Test
  void refusesDamage() throws IOException {
    var block = new TarHeader("a", false, 0).write();
    block[0] = 'b';
    Files.write(archive, block);
    assertRefused("no tar archive");
  }

  @Test
  void refusesAFolderThatIsInUse() throws IOException {
    Files.write(archive, new byte[1024]);
    Files.createDirectories(target.resolve("x"));
    assertThat(Outcomes.failure(unpack()).message()).contains("is not empty");
  }

  @Property(tries = 200)
  void neverThrows(@ForAll @Size(512) byte[] block) {
    try {
      TarHeader.read(block);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("tar archive");
    }
  }

  private void assertRefused(String message) {
    var failure = Outcomes.failure(unpack());
    assertThat(failure.message()).contains(message);
    assertThat(failure.reason()).isEqualTo(Reason.ModuleManifestInvalid);
  }

  private Outcome<Path> unpack() {
    return TarFiles.unpack(archive, target, FetchLimits.defaults());
  }

  /** Headers, each with the content behind it. */
  private void write(byte[]... headers) throws IOException {
    var out = new ByteArrayOutputStream();
    for (var header : headers) {
      out.write(header);
      out.write(CONTENT);
      out.write(new byte[TarHeader.BLOCK - CONTENT.length]);
    }
    Files.write(archive, out.toByteArray());
  }

  /** A header with one byte changed, and a checksum that fits. */
  private static byte[] changed(byte[] block, int at, byte value) {
    var difference = value - block[at];
    block[at] = value;
    var sum = Integer.parseInt(new String(block, 148, 6, StandardCharsets.US_ASCII), 8);
    var text = "%06o".formatted(sum + difference).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, block, 148, text.length);
    return block;
  }
}
