package dev.warder.policy.testing;

import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes an OCI image layout by hand, right or wrong. */
public final class LayoutFiles {
  private final Path folder;
  private final List<String> entries = new ArrayList<>();

  public LayoutFiles(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}");
    writeIndex();
  }

  public Path folder() {
    return folder;
  }

  public Path blob(Digest digest) {
    return folder.resolve("blobs/sha256").resolve(digest.hex());
  }

  /** Stores a blob. */
  public Digest put(byte[] bytes) throws IOException {
    var digest = Digest.of(bytes);
    Files.write(blob(digest), bytes);
    return digest;
  }

  /** Stores a module and its manifest, under a tag unless that is empty. */
  public Digest putModule(String tag, byte[] module) throws IOException {
    var layer = put(module);
    return putManifest(
        tag,
        FaultyRegistry.MANIFEST,
        FaultyRegistry.imageManifest(FaultyRegistry.MODULE_LAYER, layer.toString(), module.length));
  }

  /** Stores a manifest, under a tag unless that is empty. */
  public Digest putManifest(String tag, String type, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var digest = put(bytes);
    addEntry(tag, type, digest.toString(), bytes.length);
    return digest;
  }

  /** Adds to the index what may be anything. */
  public void addEntry(String tag, String type, String digest, long size) throws IOException {
    var annotations =
        tag.isEmpty()
            ? ""
            : ", \"annotations\": {\"org.opencontainers.image.ref.name\": \"" + tag + "\"}";
    entries.add(
        "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d%s}"
            .formatted(type, digest, size, annotations));
    writeIndex();
  }

  private void writeIndex() throws IOException {
    Files.writeString(
        folder.resolve("index.json"),
        "{\"schemaVersion\": 2, \"manifests\": [" + String.join(", ", entries) + "]}");
  }
}
