package dev.warder.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseBundleTest {

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private HttpServer server;
  private byte[] archive;

  @BeforeEach
  void serve() throws Exception {
    archive = archive();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/bundle.tar.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theArchiveIsUnpackedIntoTheCacheOnce() throws Exception {
    var bundle = bundle("/bundle.tar.gz", sha512(archive));

    Optional<ControlPlaneBinaries> found = bundle.find(Component.CORE, told::add);
    server.stop(0);

    assertThat(found).hasValueSatisfying(b -> assertThat(b.hasAll(Component.CORE)).isTrue());
    assertThat(bundle.find(Component.CORE, told::add)).isEqualTo(found);
    assertThat(told).hasSize(1);
  }

  @Test
  void anArchiveWithAnotherSumIsRefused() throws Exception {
    String other = sha512(new byte[] {1});

    assertThat(bundle("/bundle.tar.gz", other).find(Component.CORE, told::add)).isEmpty();
    assertThat(told.getLast()).contains("instead of the pinned " + other);
    assertThat(cache().bundle(ReleaseBundle.VERSION)).doesNotExist();
  }

  @Test
  void aMissingArchiveLeavesTheMatterToTheNextSource() throws Exception {
    assertThat(bundle("/elsewhere", sha512(archive)).find(Component.CORE, told::add)).isEmpty();
    assertThat(told.getLast()).contains("answered with status 404");
  }

  @Test
  void aServerThatDoesNotAnswerLeavesTheMatterToTheNextSource() throws Exception {
    var bundle = bundle("/bundle.tar.gz", sha512(archive));
    server.stop(0);

    assertThat(bundle.find(Component.CORE, told::add)).isEmpty();
    assertThat(told.getLast()).startsWith("no download of the control plane: ");
  }

  @Test
  void theControllerManagerIsNotInIt() throws Exception {
    var bundle = bundle("/bundle.tar.gz", sha512(archive));

    assertThat(bundle.find(EnumSet.allOf(Component.class), told::add)).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void noneIsPublishedForOtherSystems() {
    assertThat(ReleaseBundle.archiveFor("Mac OS X", "aarch64")).isEmpty();
    assertThat(ReleaseBundle.archiveFor("Linux", "riscv64")).isEmpty();
    assertThat(ReleaseBundle.archiveFor("Linux", "aarch64"))
        .hasValueSatisfying(a -> assertThat(a.uri().getPath()).endsWith("linux-arm64.tar.gz"));
  }

  private ReleaseBundle bundle(String path, String sha512) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    return new ReleaseBundle(cache(), Optional.of(new ReleaseBundle.Archive(uri, sha512)));
  }

  private CacheFolder cache() {
    return new CacheFolder(folder.resolve("cache"));
  }

  private byte[] archive() throws IOException, InterruptedException {
    Programs.in(folder.resolve("pack/controller-tools/envtest"), Component.CORE);
    Path file = folder.resolve("bundle.tar.gz");
    int exit =
        new ProcessBuilder(
                "tar", "-czf", file.toString(), "-C", folder + "/pack", "controller-tools")
            .start()
            .waitFor();
    assertThat(exit).isZero();
    return Files.readAllBytes(file);
  }

  private static String sha512(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(content));
  }
}
