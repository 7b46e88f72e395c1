package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A CEL condition of a webhook. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MatchConditionSpec(
    @Required @Size(min = 1, max = 317) String name,
    @Required @Size(min = 1, max = 8192) String expression) {}
