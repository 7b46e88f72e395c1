package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A condition after the API conventions, with observedGeneration inside. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyCondition(
    @Required String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @Required String reason,
    @Required String message,
    @JsonPropertyDescription("When status last changed.") @Required String lastTransitionTime,
    @Nullable Long observedGeneration) {}
