package dev.warder.policy.fetch;

import dev.warder.policy.reference.ModuleReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Other places for what a registry holds. The longest prefix decides; its places are asked in their
 * order, and then, unless they are the only ones, the registry itself.
 */
public record Mirrors(List<Rule> rules) {
  public Mirrors {
    rules = List.copyOf(rules);
  }

  /**
   * One prefix and its mirrors.
   *
   * @param prefix {@code host[:port][/path]}, which ends where a part of the path ends
   * @param locations what takes its place, of the same form, and with a path if the prefix has one
   * @param only whether the registry itself is never asked
   */
  public record Rule(String prefix, List<String> locations, boolean only) {
    public Rule {
      locations = List.copyOf(locations);
      if (locations.isEmpty() || !locations.stream().allMatch(place -> fits(prefix, place))) {
        throw new IllegalArgumentException("no location for " + prefix + " names a repository");
      }
    }

    static boolean fits(String prefix, String location) {
      return location.contains("/") || !prefix.contains("/");
    }

    private boolean matches(String name) {
      return name.equals(prefix) || name.startsWith(prefix + "/");
    }
  }

  /** A repository at a host. */
  record Place(String host, String repository) {
    @Override
    public String toString() {
      return host + "/" + repository;
    }
  }

  /** No mirrors. */
  public static Mirrors none() {
    return new Mirrors(List.of());
  }

  /** Where to ask for a repository, in order. */
  List<Place> places(ModuleReference.Registry reference) {
    var origin = new Place(reference.host(), reference.repository());
    var name = origin.toString();
    var places = new ArrayList<Place>();
    var rule =
        rules.stream()
            .filter(candidate -> candidate.matches(name))
            .max(Comparator.comparingInt(candidate -> candidate.prefix().length()));
    rule.ifPresent(
        found ->
            found.locations().stream()
                .map(location -> place(location + name.substring(found.prefix().length())))
                .forEach(places::add));
    if (rule.isEmpty() || !rule.get().only()) {
      places.add(origin);
    }
    return places;
  }

  private static Place place(String name) {
    var slash = name.indexOf('/');
    return new Place(name.substring(0, slash), name.substring(slash + 1));
  }
}
