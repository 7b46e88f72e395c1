package dev.warder.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kubewarden's fields. Those about modules are obeyed; those about a Deployment are accepted, so
 * that manifests need no change, and a condition lists them as ignored.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyServerSpec(
    @Size(max = 253)
        @JsonPropertyDescription(
            "A Secret of type kubernetes.io/dockerconfigjson in Warder's namespace, with the"
                + " credentials of registries.")
        @Nullable String imagePullSecret,
    @Size(max = 1000)
        @JsonPropertyDescription(
            "Hosts, with their ports, from which modules may come by plain HTTP or with an"
                + " unverified certificate.")
        @Nullable List<String> insecureSources,
    @JsonPropertyDescription("Certificates (PEM) that are trusted for a host besides the usual.")
        @Nullable Map<String, List<String>> sourceAuthorities,
    @Size(max = 253)
        @JsonPropertyDescription(
            "A ConfigMap in Warder's namespace; its key verification-config says whose signatures"
                + " a module needs.")
        @Nullable String verificationConfig,
    @Size(max = 253)
        @JsonPropertyDescription(
            "A ConfigMap in Warder's namespace; its key sigstore-trust-config has Sigstore's"
                + " ClientTrustConfig, instead of the public one.")
        @Nullable String sigstoreTrustConfig,
    @JsonPropertyDescription("What namespaced policies may ask Warder for.")
        @Nullable List<String> namespacedPoliciesCapabilities,
    @JsonPropertyDescription("Ignored: Warder is its own image.") @Nullable String image,
    @JsonPropertyDescription("Ignored: scale Warder's Deployment.") @Nullable Integer replicas,
    @JsonPropertyDescription("Ignored.") @Nullable IntOrString minAvailable,
    @JsonPropertyDescription("Ignored.") @Nullable IntOrString maxUnavailable,
    @JsonPropertyDescription("Ignored.") @Nullable Map<String, String> annotations,
    @JsonPropertyDescription("Ignored.") @Nullable Map<String, String> labels,
    @JsonPropertyDescription("Ignored.") @Nullable List<EnvVar> env,
    @JsonPropertyDescription("Ignored.") @Nullable String serviceAccountName,
    @PreserveUnknownFields @SchemaFrom(type = Object.class) @JsonPropertyDescription("Ignored.")
        @Nullable JsonNode securityContexts,
    @PreserveUnknownFields @SchemaFrom(type = Object.class) @JsonPropertyDescription("Ignored.")
        @Nullable JsonNode affinity,
    @JsonPropertyDescription("Ignored.") @Nullable List<Toleration> tolerations,
    @JsonPropertyDescription("Ignored.") @Nullable String priorityClassName,
    @PreserveUnknownFields @SchemaFrom(type = Object.class) @JsonPropertyDescription("Ignored.")
        @Nullable JsonNode limits,
    @PreserveUnknownFields @SchemaFrom(type = Object.class) @JsonPropertyDescription("Ignored.")
        @Nullable JsonNode requests,
    @JsonPropertyDescription("Ignored.") @Nullable Integer webhookPort,
    @JsonPropertyDescription("Ignored.") @Nullable Integer readinessProbePort,
    @JsonPropertyDescription("Ignored.") @Nullable Integer metricsPort) {}
