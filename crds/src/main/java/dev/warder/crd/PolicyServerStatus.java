package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of the settings. Written only by Warder, through server-side apply. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyServerStatus(
    @JsonPropertyDescription("The generation of the spec that the conditions speak of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Ready, Stalled, and FieldsIgnored if the spec asks for a Deployment.")
        @Nullable List<PolicyCondition> conditions) {
  public PolicyServerStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }
}
