package dev.warder.policy.evaluation;

import org.jspecify.annotations.Nullable;

/**
 * Where in a document a value stands; put into words only when something is wrong there.
 *
 * @param step a {@code String}, the name of a member, or an {@code Integer}, an index
 */
record Place(@Nullable Place parent, Object step) {
  static Place root(String name) {
    return new Place(null, name);
  }

  Place member(String name) {
    return new Place(this, name);
  }

  Place element(int index) {
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
