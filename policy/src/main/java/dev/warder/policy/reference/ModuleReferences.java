package dev.warder.policy.reference;

import dev.warder.policy.Outcome;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Reads spec.module. */
public final class ModuleReferences {
  private static final String LAYOUT = "oci-layout:";
  private static final int MAX_PORT = 65535;

  private ModuleReferences() {}

  /**
   * Reads a reference by Docker's conventions: no scheme means {@code registry://}, no host means
   * docker.io, no tag and no digest mean {@code :latest}. Anything else fails with {@code
   * ModuleReferenceInvalid}.
   */
  public static Outcome<ModuleReference> parse(String text) {
    return ReferenceTo.MODULE.plain(text).then(ModuleReferences::parsePlain);
  }

  private static Outcome<ModuleReference> parsePlain(String text) {
    if (text.regionMatches(true, 0, LAYOUT, 0, LAYOUT.length())) {
      return LayoutReferences.parse(text, text.substring(LAYOUT.length()));
    }
    var end = text.indexOf("://");
    if (end < 0) {
      return registry(text, text);
    }
    var scheme = text.substring(0, end).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "registry" -> registry(text, text.substring(end + 3));
      case "https", "http" -> http(text, scheme + text.substring(end));
      case "file" -> file(text, scheme + text.substring(end));
      default -> invalid(text, "has the unknown scheme " + scheme + "://");
    };
  }

  private static Outcome<ModuleReference> registry(String text, String rest) {
    return RegistryReferences.parse(ReferenceTo.MODULE, text, rest).map(found -> found);
  }

  private static Outcome<ModuleReference> http(String text, String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return invalid(text, "is no URL: " + e.getReason());
    }
    if (uri.getRawUserInfo() != null) {
      return ReferenceTo.MODULE.withUser();
    }
    if (!isAuthority(Objects.requireNonNullElse(uri.getRawAuthority(), ""))) {
      return invalid(text, "has no valid host and port");
    }
    if (uri.getRawFragment() != null) {
      return invalid(text, "has a fragment (#), which is not used");
    }
    return Outcome.done(new ModuleReference.Http(text, uri));
  }

  private static Outcome<ModuleReference> file(String text, String url) {
    try {
      var uri = new URI(url);
      if (uri.getRawAuthority() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        return invalid(text, "is not file:// and an absolute path (file:///path/policy.wasm)");
      }
      var path = Path.of(uri.getPath());
      if (!path.equals(path.normalize())) {
        return invalid(text, "has . or .. in its path");
      }
      return path.getNameCount() == 0
          ? invalid(text, "names no file")
          : Outcome.done(new ModuleReference.File(text, path));
    } catch (URISyntaxException | InvalidPathException e) {
      return invalid(text, "is no path: " + e.getMessage());
    }
  }

  /** Whether a text is {@code host} or {@code host:port} and nothing else. */
  static boolean isAuthority(String text) {
    try {
      var uri = new URI("https://" + text);
      return uri.getHost() != null
          && uri.getRawUserInfo() == null
          && text.equals(uri.getRawAuthority())
          && !text.endsWith(":")
          && uri.getPort() != 0
          && uri.getPort() <= MAX_PORT;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static <T> Outcome<T> invalid(String text, String problem) {
    return ReferenceTo.MODULE.invalid(text, problem);
  }
}
