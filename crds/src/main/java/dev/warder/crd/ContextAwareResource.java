package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A kind that a policy may read. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContextAwareResource(
    @Required @Size(min = 1, max = 317) String apiVersion,
    @Required @Size(min = 1, max = 63) String kind) {}
