package dev.warder.policy.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes small modules, section by section. */
final class Wasm {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Wasm() {
    bytes.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
  }

  Wasm section(int id, byte... content) {
    bytes.write(id);
    // Contents here stay below 128 bytes, so that a length is one byte.
    bytes.write(content.length);
    bytes.writeBytes(content);
    return this;
  }

  Wasm custom(String name, String content) {
    var nameBytes = name.getBytes(StandardCharsets.UTF_8);
    var payload = new ByteArrayOutputStream();
    payload.write(nameBytes.length);
    payload.writeBytes(nameBytes);
    payload.writeBytes(content.getBytes(StandardCharsets.UTF_8));
    return section(0, payload.toByteArray());
  }

  Wasm raw(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  byte[] build() {
    return bytes.toByteArray();
  }
}
