package dev.warder.policy.metadata;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a module says about itself, as {@code kwctl annotate} writes it. */
public record PolicyMetadata(
    Optional<ProtocolVersion> protocolVersion,
    List<Rule> rules,
    SortedMap<String, String> annotations,
    boolean mutating,
    boolean backgroundAudit,
    ExecutionMode executionMode,
    PolicyType policyType,
    SortedSet<ContextAwareResource> contextAwareResources,
    SortedSet<String> hostCapabilities,
    Optional<String> minimumKubewardenVersion) {

  public PolicyMetadata {
    rules = List.copyOf(rules);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    contextAwareResources = Collections.unmodifiableSortedSet(new TreeSet<>(contextAwareResources));
    hostCapabilities = Collections.unmodifiableSortedSet(new TreeSet<>(hostCapabilities));
  }
}
