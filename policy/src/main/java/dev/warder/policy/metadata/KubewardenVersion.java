package dev.warder.policy.metadata;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** A semantic version, of which only major and minor count. */
record KubewardenVersion(int major, int minor) implements Comparable<KubewardenVersion> {
  private static final Pattern SEMANTIC =
      Pattern.compile("(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})([-+].*)?");
  private static final Comparator<KubewardenVersion> ORDER =
      Comparator.comparingInt(KubewardenVersion::major).thenComparingInt(KubewardenVersion::minor);

  static Optional<KubewardenVersion> parse(String text) {
    var match = SEMANTIC.matcher(text);
    return match.matches()
        ? Optional.of(
            new KubewardenVersion(
                Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(KubewardenVersion other) {
    return ORDER.compare(this, other);
  }
}
