package dev.warder.policy.host;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.HostCapabilities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which host calls a policy may make: patterns such as {@code *}, {@code oci/*}, {@code
 * oci/v1/verify}. An empty list allows none.
 */
public final class CapabilityList {
  /** Every call. */
  public static final CapabilityList ALL = new CapabilityList(List.of("*"));

  /** No call. */
  public static final CapabilityList NONE = new CapabilityList(List.of());

  private static final String EVERYTHING = "*";
  private static final String BELOW = "/*";

  private final List<String> patterns;

  private CapabilityList(List<String> patterns) {
    this.patterns = patterns;
  }

  /**
   * Reads patterns; fails with {@code HostCapabilityInvalid} for one that names nothing that there
   * is. After a {@code *} nothing else matters, and nothing else is read.
   */
  public static Outcome<CapabilityList> parse(Collection<String> patterns) {
    if (patterns.stream().anyMatch(pattern -> pattern.strip().equals(EVERYTHING))) {
      return Outcome.done(ALL);
    }
    var list = new ArrayList<String>();
    for (var pattern : patterns) {
      var text = pattern.strip();
      var problem = problem(text);
      if (problem.isPresent()) {
        return Outcome.failed(
            Reason.HostCapabilityInvalid,
            "The host capability \"%s\" cannot be granted: %s".formatted(text, problem.get()));
      }
      list.add(text);
    }
    return Outcome.done(new CapabilityList(List.copyOf(list)));
  }

  private static Optional<String> problem(String pattern) {
    var whole = pattern.endsWith(BELOW);
    var path = whole ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern;
    var known = "";
    for (var segment : path.split("/", -1)) {
      var next = below(known);
      if (!next.contains(segment)) {
        return Optional.of(
            "there is no \"%s\"%s; use one of %s"
                .formatted(
                    segment,
                    known.isEmpty() ? "" : " in " + known,
                    next.isEmpty() ? "nothing: it ends there" : String.join(", ", next)));
      }
      known = known.isEmpty() ? segment : known + "/" + segment;
    }
    var inner = !below(known).isEmpty();
    if (inner && !whole) {
      return Optional.of(
          "it names several calls; write %s%s for all of them".formatted(path, BELOW));
    }
    return whole && !inner
        ? Optional.of("%s is one call; leave out the %s".formatted(path, BELOW))
        : Optional.empty();
  }

  /** The segments that may follow a known path. */
  private static SortedSet<String> below(String path) {
    var prefix = path.isEmpty() ? "" : path + "/";
    var next = new TreeSet<String>();
    Arrays.stream(HostOperation.values())
        .filter(one -> one.rule() != HostRule.ALWAYS)
        .map(HostOperation::path)
        .filter(one -> one.startsWith(prefix))
        .map(one -> one.substring(prefix.length()).split("/", 2)[0])
        .forEach(next::add);
    return next;
  }

  /** Whether a call is among those; the path may be anything. */
  boolean allows(String path) {
    return patterns.stream().anyMatch(pattern -> HostCapabilities.covers(pattern, path));
  }

  /** Whether a call is among those. */
  public boolean allows(HostOperation operation) {
    return operation.rule() == HostRule.ALWAYS || allows(operation.path());
  }

  /** As it was written. */
  public List<String> patterns() {
    return patterns;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CapabilityList list && patterns.equals(list.patterns);
  }

  @Override
  public int hashCode() {
    return patterns.hashCode();
  }

  @Override
  public String toString() {
    return patterns.toString();
  }
}
