package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.metadata.ContextAwareResource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy that is to judge a request.
 *
 * @param module as a command takes it
 * @param settings null if the command's are meant
 * @param reads which kinds it may read; empty to go by the module's metadata
 */
record RunPlan(
    String name,
    String module,
    @Nullable JsonNode settings,
    Optional<Set<ContextAwareResource>> reads) {}
