package dev.warder.policy.json;

import org.jspecify.annotations.Nullable;

/**
 * Where in a document a value stands; put into words only when something is wrong there.
 *
 * @param step a {@code String}, the name of a member, or an {@code Integer}, an index
 */
public record Place(@Nullable Place parent, Object step) {
  public static Place root(String name) {
    return new Place(null, name);
  }

  public Place member(String name) {
    return new Place(this, name);
  }

  public Place element(int index) {
    return new Place(this, index);
  }

  @Override
  public String toString() {
    if (parent == null) {
      return step.toString();
    }
    return step instanceof Integer index ? parent + "[" + index + "]" : parent + "." + step;
  }
}
