package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.WasmSections.Section;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** The custom section {@code io.kubewarden.metadata} of a module. */
public final class MetadataSection {
  /** The section's name. */
  public static final String NAME = "io.kubewarden.metadata";

  private MetadataSection() {}

  /**
   * The content of the first section of that name. Fails with {@code ModuleNotWasm} when the bytes
   * are no core module or its sections do not add up.
   */
  public static Outcome<Optional<byte[]>> read(byte[] module) {
    return WasmSections.of(module)
        .map(
            sections ->
                sections.stream()
                    .filter(MetadataSection::isMetadata)
                    .findFirst()
                    .map(found -> Arrays.copyOfRange(module, found.content(), found.end())));
  }

  /** The module with one such section, at its end. */
  static Outcome<byte[]> replace(byte[] module, byte[] content) {
    return WasmSections.of(module)
        .map(
            sections -> {
              var out = new ByteArrayOutputStream(module.length + content.length + 64);
              out.write(module, 0, WasmSections.PREAMBLE_BYTES);
              for (var section : sections) {
                if (!isMetadata(section)) {
                  out.write(module, section.start(), section.end() - section.start());
                }
              }
              append(out, content);
              return out.toByteArray();
            });
  }

  private static boolean isMetadata(Section section) {
    return section.name().equals(NAME);
  }

  private static void append(ByteArrayOutputStream out, byte[] content) {
    var payload = new ByteArrayOutputStream(content.length + 64);
    WasmCursor.writeName(payload, NAME);
    payload.writeBytes(content);
    out.write(0);
    WasmCursor.writeCount(out, payload.size());
    out.writeBytes(payload.toByteArray());
  }
}
