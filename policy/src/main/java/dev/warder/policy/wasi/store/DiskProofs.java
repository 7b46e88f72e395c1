package dev.warder.policy.wasi.store;

import dev.warder.policy.fetch.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements on disk: {@code <directory>/proofs/<HMAC of the statement>}, empty files. Without the
 * key nobody can name the file that would make a false statement believed.
 */
public final class DiskProofs implements Proofs {
  private static final Logger LOG = LoggerFactory.getLogger(DiskProofs.class);
  private static final int MOST = 10_000;

  private final Path folder;
  private final ProgramStoreKey key;

  /**
   * Opens the folder, creating it when it is missing; the oldest of very many statements go.
   *
   * @throws UncheckedIOException when it cannot be used
   */
  public DiskProofs(Path directory, ProgramStoreKey key) {
    this.folder = directory.resolve("proofs");
    this.key = key;
    try {
      PrivateFiles.createFolder(folder);
      dropOldest();
    } catch (IOException e) {
      throw new UncheckedIOException("program store " + directory + " cannot be used: " + e, e);
    }
  }

  private void dropOldest() throws IOException {
    try (var files = Files.list(folder)) {
      var all = files.sorted(Comparator.comparingLong(DiskProofs::age)).toList();
      for (var file : all.subList(Math.min(MOST, all.size()), all.size())) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static long age(Path file) {
    return -file.toFile().lastModified();
  }

  private Path file(String statement) {
    var mac = key.mac().doFinal(("proof " + statement).getBytes(StandardCharsets.UTF_8));
    return folder.resolve(HexFormat.of().formatHex(mac));
  }

  @Override
  public boolean contains(String statement) {
    return Files.exists(file(statement));
  }

  @Override
  public void add(String statement) {
    try {
      Files.createFile(file(statement), PrivateFiles.mode());
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} was remembered already", statement);
    } catch (IOException e) {
      LOG.warn("Cannot remember in {} what was proven, it will be proven again: {}", folder, e);
    }
  }
}
