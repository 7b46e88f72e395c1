package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Modules, and the manifests that lead to them, on disk by the digest of their bytes: {@code
 * <directory>/sha256/<hex>}. A file appears there only whole and synced. Several processes may
 * share one store.
 */
public final class ModuleStore {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleStore.class);

  private static final long USUAL_BYTES = 4L * 1024 * 1024 * 1024;

  private final Path folder;
  private final Eviction eviction;
  private final Holds holds = new Holds();
  private final Turns turns = new Turns();

  /** Opens a store of at most 4 GiB. */
  public ModuleStore(Path directory) {
    this(directory, USUAL_BYTES);
  }

  /**
   * Opens the store, creating the folder when it is missing, and clears what a crash left behind.
   *
   * @param maxBytes size of all files together; those not used for longest give way, but none of a
   *     module that this process fetched and somebody still has
   * @throws UncheckedIOException when the folder cannot be used
   */
  public ModuleStore(Path directory, long maxBytes) {
    folder = directory.resolve("sha256");
    eviction = new Eviction(folder, maxBytes, "module or manifest");
    try {
      PrivateFiles.createFolder(folder);
      clearStaleFiles();
    } catch (IOException e) {
      throw new UncheckedIOException("module store " + directory + " cannot be used: " + e, e);
    }
  }

  /**
   * The module of that digest, if the store has it. Its bytes are hashed again; a file that no
   * longer has its digest is removed, so that the next fetch mends it.
   */
  public Optional<StoredModule> find(Digest digest) {
    var file = folder.resolve(digest.hex());
    try {
      var size = Files.size(file);
      if (hash(file).equals(digest)) {
        Eviction.touch(file);
        return Optional.of(new StoredModule(digest, size, file));
      }
      LOG.warn("Stored module {} no longer has its digest; removing it", file);
      Files.deleteIfExists(file);
    } catch (NoSuchFileException e) {
      LOG.debug("Module {} is not in the store", digest);
    } catch (IOException e) {
      LOG.warn("Stored module {} cannot be read: {}", file, e.toString());
    }
    return Optional.empty();
  }

  /**
   * Stores what a source writes, if the source ends well and the bytes have the digest that is
   * expected; else nothing remains.
   */
  Outcome<StoredModule> receive(
      Optional<Digest> expected, String origin, Function<ByteSink, Outcome<?>> source) {
    try (var incoming = new IncomingModule(folder)) {
      return source.apply(incoming).then(end -> keep(incoming, expected, origin));
    } catch (IOException e) {
      return failed(e);
    }
  }

  private Outcome<StoredModule> keep(
      IncomingModule incoming, Optional<Digest> expected, String origin) {
    var digest = incoming.digest();
    if (expected.isPresent() && !expected.get().equals(digest)) {
      return Outcome.failed(
          Reason.ModuleDigestMismatch,
          origin + " has the digest " + digest + " instead of " + expected.get());
    }
    var file = folder.resolve(digest.hex());
    try {
      incoming.moveTo(file);
      evict(digest);
      return Outcome.done(new StoredModule(digest, incoming.size(), file));
    } catch (IOException e) {
      return failed(e);
    }
  }

  /** Keeps a module and these parts of the way to it for as long as the module is reachable. */
  FetchedModule hold(FetchedModule module, Set<Digest> way) {
    var parts = new HashSet<>(way);
    parts.add(module.digest());
    holds.hold(module, parts);
    return module;
  }

  /** The module if it is there; else it is stored, while others who want it wait. */
  Outcome<StoredModule> findOr(
      Digest digest, Deadline deadline, Supplier<Outcome<StoredModule>> fetch) {
    return turns.take(digest, deadline, () -> find(digest).map(Outcome::done).orElseGet(fetch));
  }

  private void evict(Digest stored) {
    try {
      var held = holds.held();
      eviction.run(
          file ->
              Digest.parse("sha256:" + file.getFileName())
                  .filter(digest -> digest.equals(stored) || held.contains(digest))
                  .isPresent());
    } catch (IOException e) {
      LOG.warn("Old modules in {} cannot be removed: {}", folder, e.toString());
    }
  }

  static <T> Outcome<T> failed(IOException e) {
    return Outcome.failed(
        Reason.ModuleStoreFailed,
        "the module store cannot be written: " + e + "; check its space and permissions");
  }

  private static Digest hash(Path file) throws IOException {
    var hash = Digest.sha256();
    try (var in = Files.newInputStream(file)) {
      var buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    }
    return Digest.ofHash(hash.digest());
  }

  private void clearStaleFiles() throws IOException {
    try (var files = Files.newDirectoryStream(folder, IncomingModule.PREFIX + "*")) {
      for (var file : files) {
        if (isAbandoned(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Whoever is still writing a file holds its lock; the kernel frees it when that process dies. */
  private static boolean isAbandoned(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
