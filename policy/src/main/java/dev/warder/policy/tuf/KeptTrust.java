package dev.warder.policy.tuf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.fetch.PrivateFiles;
import dev.warder.policy.verify.Bytes;
import dev.warder.policy.verify.StrictJson;
import dev.warder.policy.verify.UnverifiedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The files of the last visit, in one file, so that they are always of the same visit. */
final class KeptTrust {
  private static final int MAX_BYTES = 32 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;

  KeptTrust(Path store) {
    file = store.resolve("trust-root").resolve("repository.json");
  }

  /** Nothing if there was no visit. */
  Map<String, byte[]> read() throws IOException, UnverifiedException {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException _) {
      return Map.of();
    }
    UnverifiedException.require(bytes.length <= MAX_BYTES, "it is too large");
    var json = StrictJson.read("it", bytes);
    var files = new TreeMap<String, byte[]>();
    for (var entry : json.node().properties()) {
      files.put(entry.getKey(), json.bytes(entry.getKey()).array());
    }
    return files;
  }

  void write(Map<String, byte[]> files) throws IOException {
    PrivateFiles.createFolder(file.resolveSibling("."));
    PrivateFiles.replace(file, json(files));
  }

  private static byte[] json(Map<String, byte[]> files) throws JsonProcessingException {
    var json = JsonNodeFactory.instance.objectNode();
    files.forEach((path, bytes) -> json.put(path, new Bytes(bytes).base64()));
    return JSON.writeValueAsBytes(json);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
