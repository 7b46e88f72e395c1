package dev.warder.policy.metadata;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a module says about itself, as {@code kwctl annotate} writes it.
 *
 * @param protocolVersion the waPC protocol; {@code Unknown} for WASI
 * @param rules which requests it is meant for
 * @param annotations title, author and the like
 * @param mutating whether it changes what it admits
 * @param backgroundAudit whether it may judge what already exists
 * @param executionMode how it is called
 * @param policyType what it judges
 * @param contextAwareResources kinds that it reads from the cluster
 * @param hostCapabilities host calls that it makes
 * @param minimumKubewardenVersion semantic version of the oldest release that runs it
 */
public record PolicyMetadata(
    Optional<ProtocolVersion> protocolVersion,
    List<Rule> rules,
    Map<String, String> annotations,
    boolean mutating,
    boolean backgroundAudit,
    ExecutionMode executionMode,
    PolicyType policyType,
    Set<ContextAwareResource> contextAwareResources,
    Set<String> hostCapabilities,
    Optional<String> minimumKubewardenVersion) {

  public PolicyMetadata {
    rules = List.copyOf(rules);
    // The order of the source is kept, so that annotating twice gives the same bytes.
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    contextAwareResources = Collections.unmodifiableSet(new LinkedHashSet<>(contextAwareResources));
    hostCapabilities = Collections.unmodifiableSet(new LinkedHashSet<>(hostCapabilities));
  }

  /** The same with one annotation more, or another value for it. */
  public PolicyMetadata withAnnotation(String name, String value) {
    var more = new LinkedHashMap<>(annotations);
    more.put(name, value);
    return new PolicyMetadata(
        protocolVersion,
        rules,
        more,
        mutating,
        backgroundAudit,
        executionMode,
        policyType,
        contextAwareResources,
        hostCapabilities,
        minimumKubewardenVersion);
  }

  PolicyMetadata withProtocolVersion(ProtocolVersion version) {
    return new PolicyMetadata(
        Optional.of(version),
        rules,
        annotations,
        mutating,
        backgroundAudit,
        executionMode,
        policyType,
        contextAwareResources,
        hostCapabilities,
        minimumKubewardenVersion);
  }
}
