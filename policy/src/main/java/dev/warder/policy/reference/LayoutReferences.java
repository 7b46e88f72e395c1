package dev.warder.policy.reference;

import dev.warder.policy.Outcome;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The part of a reference behind {@code oci-layout:}. */
final class LayoutReferences {
  private LayoutReferences() {}

  static Outcome<ModuleReference> parse(String text, String rest) {
    var at = rest.lastIndexOf('@');
    var digest = at < 0 ? Optional.<Digest>empty() : Digest.parse(rest.substring(at + 1));
    if (at >= 0 && digest.isEmpty()) {
      return bad(text, "what follows @ is not sha256: and 64 lower-case hex digits");
    }
    var name = at < 0 ? rest : rest.substring(0, at);
    var colon = name.lastIndexOf(':');
    var tagged = colon > name.lastIndexOf('/');
    var tag = tagged ? Optional.of(name.substring(colon + 1)) : Optional.<String>empty();
    if (tag.isPresent() && !RegistryReferences.TAG.matcher(tag.get()).matches()) {
      return bad(text, "its tag is not 1 to 128 letters, digits, _ . - beginning with no . or -");
    }
    var folder = tagged ? name.substring(0, colon) : name;
    try {
      var path = Path.of(folder);
      return path.isAbsolute()
              && path.getNameCount() > 0
              && path.toString().equals(folder)
              && path.equals(path.normalize())
          ? Outcome.done(new ModuleReference.Layout(text, path, tag, digest))
          : bad(text, "its folder is not an absolute path without . and ..");
    } catch (InvalidPathException e) {
      return bad(text, "its folder is no path");
    }
  }

  private static Outcome<ModuleReference> bad(String text, String problem) {
    return ReferenceTo.MODULE.unusable(text, problem);
  }
}
