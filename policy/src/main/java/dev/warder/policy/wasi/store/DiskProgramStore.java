package dev.warder.policy.wasi.store;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.Eviction;
import dev.warder.policy.fetch.PrivateFiles;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs on disk: {@code <directory>/programs/<hex digest>}, one file each, mode 0600. A file
 * appears there only whole and synced, and nothing in it is believed that was not written with the
 * key. Several processes may share one store if they have the same key; those with another
 * fingerprint replace each other's programs.
 */
public final class DiskProgramStore implements ProgramStore {
  private static final Logger LOG = LoggerFactory.getLogger(DiskProgramStore.class);

  private final Path folder;
  private final ProgramStoreKey key;
  private final String fingerprint;
  private final ProgramLimits limits;
  private final Eviction eviction;
  private final InUse inUse = new InUse();
  private final Cleaner cleaner = Cleaner.create();

  /**
   * Opens the store, creating the folder when it is missing, and clears what a crash left behind.
   *
   * @param fingerprint of everything besides the module that a program depends on: the versions of
   *     the engine, of the JDK and of the blobs' format; 1 to 1024 bytes in UTF-8
   * @param maxBytes size of all programs together; the ones not used for longest give way, but none
   *     that this process has open
   * @throws UncheckedIOException when the folder cannot be used
   */
  public DiskProgramStore(
      Path directory,
      ProgramStoreKey key,
      String fingerprint,
      long maxBytes,
      ProgramLimits limits) {
    var length = fingerprint.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > ProgramIndex.MAX_FINGERPRINT_BYTES) {
      throw new IllegalArgumentException("the fingerprint has " + length + " bytes");
    }
    this.folder = directory.resolve("programs");
    this.key = key;
    this.fingerprint = fingerprint;
    this.limits = limits;
    this.eviction = new Eviction(folder, maxBytes, "compiled program");
    try {
      PrivateFiles.createFolder(folder);
      StaleFiles.clear(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("program store " + directory + " cannot be used: " + e, e);
    }
    evict();
  }

  @Override
  public Optional<StoredProgram> find(Digest module) {
    var place = place(module);
    try {
      var seen = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!seen.isRegularFile()) {
        LOG.warn("Compiled program {} is not a file: it is not used", place);
        return Optional.empty();
      }
      return open(module, place, seen);
    } catch (NoSuchFileException e) {
      LOG.debug("No compiled program of {} in the store", module);
    } catch (IOException e) {
      if (Files.notExists(place, LinkOption.NOFOLLOW_LINKS)) {
        LOG.debug("Another process removed the compiled program of {} just now", module);
      } else {
        LOG.warn("Compiled program {} cannot be read: {}", place, e.toString());
      }
    }
    return Optional.empty();
  }

  private Optional<StoredProgram> open(Digest module, Path place, BasicFileAttributes seen)
      throws IOException {
    var file = new RandomAccessFile(place.toFile(), "r");
    var kept = false;
    try {
      var index = ProgramFile.readIndex(file, key);
      if (!index.module().equals(module)) {
        throw new ProgramDamagedException("it is that of " + index.module());
      }
      if (index.fingerprint().equals(fingerprint)) {
        Eviction.touch(place);
        var program = program(index, file, place, seen.fileKey());
        kept = true;
        return Optional.of(program);
      }
      LOG.info(
          "Compiled program of {} was made for {} and not for {}: it will be replaced",
          module,
          index.fingerprint(),
          fingerprint);
    } catch (ProgramDamagedException e) {
      LOG.warn("Compiled program {} is not used, {}; removing it", place, e.getMessage());
      remove(place, seen.fileKey());
    } finally {
      if (!kept) {
        file.close();
      }
    }
    return Optional.empty();
  }

  @Override
  public Outcome<StoredProgram> receive(Digest module, ProgramSource source) {
    try (var incoming = new IncomingProgram(folder, limits)) {
      return switch (source.writeTo(incoming)) {
        case Outcome.Done<?> _ -> Outcome.done(keep(incoming, module));
        case Outcome.Failed<?>(var failure) -> new Outcome.Failed<>(failure);
      };
    } catch (BlobRefusedException e) {
      return Outcome.failed(
          Reason.ModuleCompileFailed, "the compiled module cannot be kept: " + e.getMessage());
    } catch (IOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "the compiled program cannot be stored: "
              + e
              + "; check the space and permissions of "
              + folder);
    }
  }

  private StoredProgram keep(IncomingProgram incoming, Digest module) throws IOException {
    var place = place(module);
    var index = incoming.publish(place, module, fingerprint, key);
    var program = program(index, incoming.file(), place, incoming.fileKey());
    evict();
    return program;
  }

  private DiskProgram program(
      ProgramIndex index, RandomAccessFile file, Path place, @Nullable Object fileKey) {
    var module = index.module();
    inUse.enter(module);
    return new DiskProgram(
        index, file, cleaner, () -> remove(place, fileKey), () -> inUse.leave(module));
  }

  /** Removes a file, unless another process has put a new one in its place. */
  private static void remove(Path place, @Nullable Object fileKey) {
    try {
      var now = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (Objects.equals(now.fileKey(), fileKey)) {
        Files.deleteIfExists(place);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is already gone", place);
    } catch (IOException e) {
      LOG.warn("Compiled program {} cannot be removed: {}", place, e.toString());
    }
  }

  private void evict() {
    try {
      eviction.run(this::isInUse);
    } catch (IOException e) {
      LOG.warn("Old compiled programs in {} cannot be removed: {}", folder, e.toString());
    }
  }

  private boolean isInUse(Path file) {
    return Digest.parse("sha256:" + file.getFileName()).filter(inUse::contains).isPresent();
  }

  private Path place(Digest module) {
    return folder.resolve(module.hex());
  }
}
