package dev.warder.policy.host.kubernetes;

import dev.warder.policy.metadata.ContextAwareResource;
import java.util.Set;

/**
 * A policy's hold on the lists that it reads: they are kept for as long as it is. By identity; one
 * that is forgotten without being released ends with the garbage collector.
 */
public final class ContextLease {
  private final Set<ContextAwareResource> resources;

  ContextLease(Set<ContextAwareResource> resources) {
    this.resources = resources;
  }

  Set<ContextAwareResource> resources() {
    return resources;
  }
}
