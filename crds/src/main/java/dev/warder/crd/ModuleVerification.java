package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who vouches for the served module. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModuleVerification(
    @JsonPropertyDescription(
            "Verified; NotRequired while the PolicyServer asks for no signatures; Lost if it asks"
                + " for others since.")
        @Required
        String result,
    @JsonPropertyDescription("The signers, in one line.") @Nullable String signer,
    @JsonPropertyDescription("Which requirement was met by whom.") @Nullable List<String> met) {
  public ModuleVerification {
    met = met == null ? null : List.copyOf(met);
  }
}
