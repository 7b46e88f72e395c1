package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.PrivateFiles;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signatures that were read once, by the manifest that they are of, so that a restart needs no
 * network. They prove themselves: what is read from here is judged like what a registry sends.
 */
public final class SignatureStore {
  private static final Logger LOG = LoggerFactory.getLogger(SignatureStore.class);

  private final Path folder;

  /**
   * Opens the store, creating its folder when it is missing.
   *
   * @throws UncheckedIOException when the folder cannot be used
   */
  public SignatureStore(Path directory) {
    folder = directory.resolve("signatures");
    try {
      PrivateFiles.createFolder(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("signature store " + folder + " cannot be used: " + e, e);
    }
  }

  Optional<SignatureMaterial> find(Digest manifest) {
    var file = folder.resolve(manifest.hex());
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(SignatureMaterial.MAX_BYTES + 1);
      return switch (SignatureMaterial.parse(bytes)) {
        case Outcome.Done<SignatureMaterial>(var material) -> Optional.of(material);
        case Outcome.Failed<SignatureMaterial>(var failure) -> {
          LOG.warn("Stored signatures {} cannot be used: {}", file, failure.message());
          yield Optional.empty();
        }
      };
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("Stored signatures {} cannot be read: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** A failure costs the next restart a look at the registry, no more. */
  void keep(Digest manifest, SignatureMaterial material) {
    try {
      PrivateFiles.replace(folder.resolve(manifest.hex()), material.toJson());
    } catch (IOException e) {
      LOG.warn("The signatures of {} cannot be stored in {}: {}", manifest, folder, e.toString());
    }
  }
}
