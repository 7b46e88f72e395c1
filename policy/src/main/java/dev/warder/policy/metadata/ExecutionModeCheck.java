package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.WasmCursor.MalformedException;
import java.util.Optional;

/** Whether a module can be what its metadata call it. */
final class ExecutionModeCheck {
  private static final int EXPORTS = 7;

  /** What compilers of Rego call their exports. */
  private static final String REGO_PREFIX = "opa_";

  private ExecutionModeCheck() {}

  /** Why not; empty if it can. Fails with {@code ModuleNotWasm}. */
  static Outcome<Optional<String>> problem(byte[] module, PolicyMetadata metadata) {
    return isRego(module).map(rego -> problem(rego, metadata));
  }

  private static Optional<String> problem(boolean rego, PolicyMetadata metadata) {
    return switch (metadata.executionMode()) {
      case WASI -> Optional.empty();
      case OPA, GATEKEEPER ->
          rego
              ? Optional.empty()
              : Optional.of(
                  "executionMode is "
                      + metadata.executionMode().json()
                      + ", but the module was not built from Rego: say executionMode: wasi for a"
                      + " policy that Warder runs");
      case KUBEWARDEN_WAPC -> wapc(rego, metadata);
    };
  }

  private static Optional<String> wapc(boolean rego, PolicyMetadata metadata) {
    if (rego) {
      return Optional.of(
          "executionMode is kubewarden-wapc, but the module was built from Rego: say executionMode:"
              + " opa or gatekeeper");
    }
    // kwctl runs the module to ask it; Warder has nothing that could.
    return metadata.protocolVersion().filter(ProtocolVersion.V1::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            "executionMode is kubewarden-wapc, as it is when it is left out: say executionMode:"
                + " wasi for a policy that Warder runs; a waPC module is annotated with kwctl, which"
                + " asks it for its protocolVersion, or with protocolVersion: v1 in the file");
  }

  private static Outcome<Boolean> isRego(byte[] module) {
    return WasmSections.of(module)
        .then(
            sections -> {
              try {
                for (var section : sections) {
                  if (section.id() == EXPORTS && exportsRego(new WasmCursor(module, section))) {
                    return Outcome.done(true);
                  }
                }
                return Outcome.done(false);
              } catch (MalformedException e) {
                return Outcome.failed(
                    Reason.ModuleNotWasm,
                    "the module's exports are malformed: "
                        + e.getMessage()
                        + "; check that it was built and published whole");
              }
            });
  }

  private static boolean exportsRego(WasmCursor exports) throws MalformedException {
    var count = exports.count();
    for (var i = 0; i < count; i++) {
      if (exports.name().startsWith(REGO_PREFIX)) {
        return true;
      }
      exports.next();
      exports.skipNumber();
    }
    return false;
  }
}
