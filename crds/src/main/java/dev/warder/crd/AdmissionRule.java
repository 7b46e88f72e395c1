package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations on resources, as in a webhook configuration. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdmissionRule(
    @Size(max = 64)
        @ValidationRule(
            value = "!('*' in self) || size(self) == 1",
            message = "if '*' is present, no other API group may be")
        @Nullable List<@Size(max = 253) String> apiGroups,
    @Required
        @Size(min = 1, max = 64)
        @ValidationRule(
            value = "!('*' in self) || size(self) == 1",
            message = "if '*' is present, no other API version may be")
        @ValidationRule(value = "!('' in self)", message = "an API version must be non-empty")
        List<@Size(min = 1, max = 63) String> apiVersions,
    @Required
        @Size(min = 1, max = 64)
        @ValidationRule(
            value = "!('*/*' in self) || size(self) == 1",
            message = "if '*/*' is present, no other resource may be")
        @ValidationRule(
            value = "!('*' in self) || self.all(r, r == '*' || r.contains('/'))",
            message = "if '*' is present, no other resource without a subresource may be")
        @ValidationRule(value = "!('' in self)", message = "a resource must be non-empty")
        List<@Size(min = 1, max = 253) String> resources,
    @Required
        @Size(min = 1, max = 5)
        @ValidationRule(
            value = "!('*' in self) || size(self) == 1",
            message = "if '*' is present, no other operation may be")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        List<OperationName> operations,
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable ScopeName scope) {}
