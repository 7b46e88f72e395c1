package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;

/** Lets only those bytes through that have the digest they were fetched under. */
public final class ModuleVerifier {
  /**
   * Reads the stored module back and hashes it again; from here on only these bytes are used. A
   * store that fails or holds other bytes is {@code ModuleStoreFailed}: the next fetch mends it.
   */
  public Outcome<VerifiedModule> verify(FetchedModule fetched) {
    byte[] content;
    try (var in = Files.newInputStream(fetched.file())) {
      // One byte more shows a file that grew, without reading all of it.
      content = in.readNBytes(Math.toIntExact(fetched.size() + 1));
    } catch (IOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "stored module " + fetched.file() + " cannot be read: " + e + "; check the store folder");
    }
    if (!Digest.of(content).equals(fetched.digest())) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "stored module %s was changed since %s was fetched; it is fetched again"
              .formatted(fetched.file(), fetched.immutableReference()));
    }
    return Outcome.done(new VerifiedModule(fetched, content));
  }
}
