package dev.warder.policy.host;

import dev.warder.policy.metadata.ContextAwareResource;
import java.util.Set;

/**
 * What a policy may ask the host for. It comes from whoever installs the policy, never from the
 * module.
 *
 * @param capabilities which calls
 * @param resources which kinds it may read from the cluster
 */
public record Grants(CapabilityList capabilities, Set<ContextAwareResource> resources) {
  /** Nothing but logging. */
  public static final Grants NONE = new Grants(CapabilityList.NONE, Set.of());

  public Grants {
    resources = Set.copyOf(resources);
  }
}
