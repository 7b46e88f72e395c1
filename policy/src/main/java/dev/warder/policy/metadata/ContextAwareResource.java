package dev.warder.policy.metadata;

import java.util.Comparator;

/** A kind that the policy wants to read from the cluster. */
public record ContextAwareResource(String apiVersion, String kind)
    implements Comparable<ContextAwareResource> {
  private static final Comparator<ContextAwareResource> ORDER =
      Comparator.comparing(ContextAwareResource::apiVersion)
          .thenComparing(ContextAwareResource::kind);

  @Override
  public int compareTo(ContextAwareResource other) {
    return ORDER.compare(this, other);
  }
}
