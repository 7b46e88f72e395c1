package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Failures;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;

/** References that a command needs to be of one kind. */
final class References {
  private References() {}

  /** Where something is put: a place in a registry, with a tag or without, never a digest. */
  static ModuleReference.Registry target(String text) {
    if (Failures.valueOf(ModuleReferences.parse(text)) instanceof ModuleReference.Registry registry
        && registry.digest().isEmpty()) {
      return registry;
    }
    throw new CommandFailedException(
        text + " is no place in a registry; name one like registry://host/repository:tag");
  }
}
