package dev.warder.cli.scaffold;

import dev.warder.cli.common.CommandFailedException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names that Kubernetes takes. */
public final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Names() {}

  /**
   * The same name, if it is a label of RFC 1123.
   *
   * @throws CommandFailedException if it is not
   */
  public static String checked(String what, String name) {
    if (LABEL.matcher(name).matches()) {
      return name;
    }
    throw new CommandFailedException(
        "%s \"%s\" is no name of RFC 1123: use 1 to 63 of a-z, 0-9 and -, no - at the ends"
            .formatted(what, name));
  }

  /** The nearest such name to a text; empty if there is nothing to begin with. */
  static String from(String text) {
    var name =
        text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return name.length() > 63 ? name.substring(0, 63).replaceAll("-+$", "") : name;
  }
}
