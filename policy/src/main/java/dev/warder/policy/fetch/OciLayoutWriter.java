package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a module's manifests, the module, and its signatures and other referrers into an OCI image
 * layout, for where there is no network.
 */
public final class OciLayoutWriter {
  private static final String USUAL_TAG = "latest";

  private final Repository from;
  private final FetchLimits limits;

  public OciLayoutWriter(Repository from, FetchLimits limits) {
    this.from = from;
    this.limits = limits;
  }

  /**
   * Writes a folder, which must be empty or missing.
   *
   * @param manifest that the module's reference was resolved to
   * @param tag that it gets in the layout; {@code latest} if the text is empty
   */
  public Outcome<Path> writeFolder(Digest manifest, String tag, Path folder) {
    var target = new LayoutTarget(folder);
    return LayoutTarget.emptyFolder(folder)
        .then(
            empty ->
                new OciCopy(from, target, limits)
                    .copy(manifest, Optional.of(tag.isEmpty() ? USUAL_TAG : tag)))
        .then(done -> target.finish());
  }

  /** Writes the same as a tar archive, over what may be there. */
  public Outcome<Path> writeTar(Digest manifest, String tag, Path archive) {
    try {
      var work = Files.createTempDirectory("warder-layout");
      try {
        return writeFolder(manifest, tag, work.resolve("layout"))
            .then(folder -> TarFiles.pack(folder, archive));
      } finally {
        TarFiles.deleteAll(work);
      }
    } catch (IOException e) {
      return LayoutTarget.failed(archive, e);
    }
  }

  /**
   * Unpacks an archive that holds a layout into a folder, which must be empty or missing; refuses
   * links, and names that lead out of the folder.
   */
  public static Outcome<Path> unpack(Path archive, Path folder, FetchLimits limits) {
    return TarFiles.unpack(archive, folder, limits);
  }
}
