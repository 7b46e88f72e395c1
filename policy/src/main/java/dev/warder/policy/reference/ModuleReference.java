package dev.warder.policy.reference;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where a policy module is, as spec.module names it. */
public sealed interface ModuleReference {
  /** The text that the user wrote. */
  String text();

  /** {@code file:///absolute/path}. */
  record File(String text, Path path) implements ModuleReference {}

  /** {@code https://…} or {@code http://…}. */
  record Http(String text, URI uri) implements ModuleReference {}

  /**
   * {@code registry://host[:port]/repository[:tag][@sha256:…]}; without a tag and a digest the tag
   * is {@code latest}, with only a digest there is none.
   */
  record Registry(
      String text, String host, String repository, Optional<String> tag, Optional<Digest> digest)
      implements ModuleReference {

    /** The reference written out in full, with this manifest digest. */
    public String pinnedTo(Digest manifest) {
      return "registry://"
          + host
          + "/"
          + repository
          + tag.map(name -> ":" + name).orElse("")
          + "@"
          + manifest;
    }
  }

  /**
   * {@code oci-layout:/absolute/folder[:tag][@sha256:…]}: a folder that holds a repository in the
   * OCI image layout; without a tag and a digest it must hold one module.
   */
  record Layout(String text, Path folder, Optional<String> tag, Optional<Digest> digest)
      implements ModuleReference {

    /** The reference written out in full, with this manifest digest. */
    public String pinnedTo(Digest manifest) {
      return "oci-layout:" + folder + tag.map(name -> ":" + name).orElse("") + "@" + manifest;
    }
  }
}
