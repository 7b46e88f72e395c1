package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** A new layout on disk. */
final class LayoutTarget implements OciTarget {
  private final Path folder;
  private final Path blobs;
  private final ArrayNode entries = JsonNodeFactory.instance.arrayNode();

  LayoutTarget(Path folder) {
    this.folder = folder;
    this.blobs = folder.resolve("blobs").resolve("sha256");
  }

  @Override
  public Outcome<Boolean> has(Digest blob) {
    return Outcome.done(Files.isRegularFile(place(blob), LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public Outcome<Digest> put(Digest digest, byte[] blob) {
    try {
      Files.createDirectories(blobs);
      Files.write(place(digest), blob);
      return Outcome.done(digest);
    } catch (IOException e) {
      return failed(folder, e);
    }
  }

  @Override
  public Outcome<Digest> put(RawManifest manifest, ManifestLinks links, Optional<String> tag) {
    // What only an index names is found through that.
    if (tag.isPresent() || links.subject().isPresent()) {
      var entry =
          entries
              .addObject()
              .put("mediaType", links.type())
              .put("digest", manifest.digest().toString())
              .put("size", manifest.bytes().length);
      tag.ifPresent(name -> entry.putObject("annotations").put(LayoutIndex.REF_NAME, name));
    }
    return put(manifest.digest(), manifest.bytes());
  }

  /** Writes what makes the folder a layout. */
  Outcome<Path> finish() {
    var index =
        JsonNodeFactory.instance
            .objectNode()
            .put("schemaVersion", 2)
            .put("mediaType", ManifestParser.INDEX_TYPE);
    index.set("manifests", entries);
    try {
      Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}\n");
      Files.write(folder.resolve("index.json"), index.toString().getBytes(StandardCharsets.UTF_8));
      return Outcome.done(folder);
    } catch (IOException e) {
      return failed(folder, e);
    }
  }

  private Path place(Digest digest) {
    return blobs.resolve(digest.hex());
  }

  /** Makes a folder; fails if there is one with something in it. */
  static Outcome<Path> emptyFolder(Path folder) {
    try {
      Files.createDirectories(folder);
      try (var files = Files.newDirectoryStream(folder)) {
        return files.iterator().hasNext()
            ? Outcome.failed(Reason.ModuleStoreFailed, folder + " is not empty; name a new folder")
            : Outcome.done(folder);
      }
    } catch (IOException e) {
      return failed(folder, e);
    }
  }

  static <T> Outcome<T> failed(Path path, IOException e) {
    return Outcome.failed(
        Reason.ModuleStoreFailed,
        path + " cannot be written: " + e + "; check its space and permissions");
  }
}
