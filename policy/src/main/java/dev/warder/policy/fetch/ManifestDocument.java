package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** A registry's manifest, known to be of exactly one kind. */
sealed interface ManifestDocument {
  /** What a manifest says of a blob; the size is in bytes. */
  record Descriptor(String mediaType, Digest digest, long size) {}

  /** The manifest of one artifact. */
  record Image(List<Descriptor> layers) implements ManifestDocument {
    static final String MODULE_LAYER = "application/vnd.wasm.content.layer.v1+wasm";

    /** The module's blob: the only layer, when it is WebAssembly. */
    Outcome<Descriptor> module(String origin) {
      if (layers.isEmpty()) {
        return unusable(origin + " has no layers");
      }
      for (var layer : layers) {
        if (!layer.mediaType().equals(MODULE_LAYER)) {
          return unusable(
              "%s has a layer of type %s instead of %s"
                  .formatted(origin, layer.mediaType(), MODULE_LAYER));
        }
      }
      return layers.size() == 1
          ? Outcome.done(layers.getFirst())
          : unusable(
              "%s has %d layers of WebAssembly, and which one is meant is not said"
                  .formatted(origin, layers.size()));
    }

    private static <T> Outcome<T> unusable(String problem) {
      return failed(Reason.ModuleLayersInvalid, problem);
    }
  }

  /** A choice of manifests. */
  record Index(List<Choice> choices) implements ManifestDocument {

    /** The only manifest; else the one for WebAssembly; else the one for this machine. */
    Outcome<Descriptor> choose(String origin) {
      if (choices.size() == 1) {
        return Outcome.done(choices.getFirst().manifest());
      }
      return first(choice -> choice.architecture().equals("wasm"))
          .or(() -> first(Choice::fitsThisMachine))
          .map(choice -> Outcome.done(choice.manifest()))
          .orElseGet(
              () ->
                  invalid(
                      "%s is an index of %d manifests, none for wasm or this machine"
                          .formatted(origin, choices.size())));
    }

    private Optional<Choice> first(Predicate<Choice> fits) {
      return choices.stream().filter(fits).findFirst();
    }
  }

  /** One manifest of an index; operating system and architecture are empty when not told. */
  record Choice(Descriptor manifest, String os, String architecture) {
    boolean fitsThisMachine() {
      return os.equals(System.getProperty("os.name").toLowerCase(Locale.ROOT))
          && architecture.equals(goName(System.getProperty("os.arch")));
    }

    private static String goName(String javaName) {
      return switch (javaName) {
        case "x86_64" -> "amd64";
        case "aarch64" -> "arm64";
        default -> javaName;
      };
    }
  }

  static <T> Outcome<T> invalid(String problem) {
    return failed(Reason.ModuleManifestInvalid, problem);
  }

  static <T> Outcome<T> failed(Reason reason, String problem) {
    return Outcome.failed(reason, problem + "; push the module with warder push or kwctl");
  }
}
