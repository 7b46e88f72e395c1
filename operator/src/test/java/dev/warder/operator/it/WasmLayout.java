package dev.warder.operator.it;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An OCI layout with one policy module, for tools that push layouts. */
final class WasmLayout {
  private WasmLayout() {}

  static Path write(Path folder, byte[] module) throws IOException {
    var blobs = Files.createDirectories(folder.resolve("blobs/sha256"));
    var manifest =
        FaultyRegistry.imageManifest(
                FaultyRegistry.MODULE_LAYER, Digest.of(module).toString(), module.length)
            .getBytes(StandardCharsets.UTF_8);
    for (var blob : new byte[][] {module, manifest, "{}".getBytes(StandardCharsets.UTF_8)}) {
      Files.write(blobs.resolve(Digest.of(blob).hex()), blob);
    }
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}");
    Files.writeString(
        folder.resolve("index.json"),
        """
        {"schemaVersion": 2, "manifests": [
          {"mediaType": "%s", "digest": "%s", "size": %d}]}
        """
            .formatted(FaultyRegistry.MANIFEST, Digest.of(manifest), manifest.length));
    return folder;
  }
}
