package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.util.Optional;

/** The custom section {@code io.kubewarden.metadata} of a module. */
public final class MetadataSection {
  /** The section's name. */
  public static final String NAME = "io.kubewarden.metadata";

  private MetadataSection() {}

  /** The content of the first section of that name; fails when the bytes are not a Wasm module. */
  public static Outcome<Optional<byte[]>> read(byte[] module) {
    return Outcome.failed(Reason.InternalError, "read " + module.length);
  }
}
