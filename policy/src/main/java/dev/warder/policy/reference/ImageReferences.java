package dev.warder.policy.reference;

import dev.warder.policy.Outcome;

/** Reads names of images as containers have them. */
public final class ImageReferences {
  private ImageReferences() {}

  /** By the same conventions as a module of a registry, but without any scheme. */
  public static Outcome<ModuleReference.Registry> parse(String text) {
    return ReferenceTo.IMAGE
        .plain(text)
        .then(plain -> RegistryReferences.parse(ReferenceTo.IMAGE, plain, plain));
  }
}
