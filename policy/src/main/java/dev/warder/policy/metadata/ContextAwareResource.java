package dev.warder.policy.metadata;

/** A kind that the policy wants to read from the cluster. */
public record ContextAwareResource(String apiVersion, String kind) {}
