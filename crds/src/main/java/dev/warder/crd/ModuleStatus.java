package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The module behind the served generation. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModuleStatus(
    @JsonPropertyDescription("The reference with everything movable resolved.") String reference,
    @JsonPropertyDescription("SHA-256 of the module's bytes.") String digest,
    @JsonPropertyDescription("Size in bytes.") long size) {}
