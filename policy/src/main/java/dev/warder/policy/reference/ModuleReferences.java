package dev.warder.policy.reference;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Reads spec.module. */
public final class ModuleReferences {
  private static final String LAYOUT = "oci-layout:";
  private static final int MAX_CHARS = 2048;
  private static final int MAX_QUOTED_CHARS = 300;
  private static final int MAX_PORT = 65535;

  private ModuleReferences() {}

  /**
   * Reads a reference by Docker's conventions: no scheme means {@code registry://}, no host means
   * docker.io, no tag and no digest mean {@code :latest}. Anything else fails with {@code
   * ModuleReferenceInvalid}.
   */
  public static Outcome<ModuleReference> parse(String text) {
    if (text.isEmpty()) {
      return invalid("the module reference is empty");
    }
    if (text.length() > MAX_CHARS) {
      return invalid("the module reference is longer than " + MAX_CHARS + " characters");
    }
    if (!text.chars().allMatch(c -> c > ' ' && c <= '~')) {
      return invalid(
          "module reference " + quoted(text) + " has spaces, control or non-ASCII characters");
    }
    if (text.regionMatches(true, 0, LAYOUT, 0, LAYOUT.length())) {
      return LayoutReferences.parse(text, text.substring(LAYOUT.length()));
    }
    var end = text.indexOf("://");
    if (end < 0) {
      return RegistryReferences.parse(text, text);
    }
    var scheme = text.substring(0, end).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "registry" -> RegistryReferences.parse(text, text.substring(end + 3));
      case "https", "http" -> http(text, scheme + text.substring(end));
      case "file" -> file(text, scheme + text.substring(end));
      default ->
          invalid("module reference " + quoted(text) + " has the unknown scheme " + scheme + "://");
    };
  }

  private static Outcome<ModuleReference> http(String text, String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return invalid("module reference " + quoted(text) + " is no URL: " + e.getReason());
    }
    if (uri.getRawUserInfo() != null) {
      // Repeating the text would put the password into one more place.
      return invalid("the module reference holds a user name or password; take them out");
    }
    if (!isAuthority(Objects.requireNonNullElse(uri.getRawAuthority(), ""))) {
      return invalid("module reference " + quoted(text) + " has no valid host and port");
    }
    if (uri.getRawFragment() != null) {
      return invalid("module reference " + quoted(text) + " has a fragment (#), which is not used");
    }
    return Outcome.done(new ModuleReference.Http(text, uri));
  }

  private static Outcome<ModuleReference> file(String text, String url) {
    try {
      var uri = new URI(url);
      if (uri.getRawAuthority() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        return invalid(
            "module reference "
                + quoted(text)
                + " is not file:// and an absolute path"
                + " (file:///path/policy.wasm)");
      }
      var path = Path.of(uri.getPath());
      if (!path.equals(path.normalize())) {
        return invalid("module reference " + quoted(text) + " has . or .. in its path");
      }
      return path.getNameCount() == 0
          ? invalid("module reference " + quoted(text) + " names no file")
          : Outcome.done(new ModuleReference.File(text, path));
    } catch (URISyntaxException | InvalidPathException e) {
      return invalid("module reference " + quoted(text) + " is no path: " + e.getMessage());
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

  static <T> Outcome<T> invalid(String problem) {
    return Outcome.failed(
        Reason.ModuleReferenceInvalid,
        problem
            + "; write registry://host/repository:tag, https://host/path, file:///absolute/path or"
            + " oci-layout:/absolute/folder:tag");
  }

  static String quoted(String text) {
    var shown =
        text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + "…";
    return "\"" + shown + "\"";
  }
}
