package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The module behind the served generation. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModuleStatus(
    @JsonPropertyDescription("The reference with everything movable resolved.") String reference,
    @JsonPropertyDescription("SHA-256 of the module's bytes.") String digest,
    @JsonPropertyDescription("Size in bytes.") long size,
    @JsonPropertyDescription(
            "Whether evaluations start from a snapshot of the module or from its beginning.")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable ModuleExecution execution,
    @JsonPropertyDescription("Why so.") @Nullable String executionReason,
    @JsonPropertyDescription("Whose signatures were found.")
        @Nullable ModuleVerification verification) {}
