package dev.warder.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A policy for the whole cluster: a WebAssembly module, its settings and what it judges. */
@Group("policies.kubewarden.io")
@Version("v1")
@Kind("ClusterAdmissionPolicy")
@Plural("clusteradmissionpolicies")
@ShortNames("cap")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Mode",
    jsonPath = ".spec.mode",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Mutating",
    jsonPath = ".spec.mutating",
    type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Module",
    jsonPath = ".spec.module",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Digest",
    jsonPath = ".status.module.digest",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Signer",
    jsonPath = ".status.module.verification.signer",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Execution",
    jsonPath = ".status.module.execution",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Serving-Gen",
    jsonPath = ".status.servingGeneration",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Policy-Server",
    jsonPath = ".spec.policyServer",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@ValidationRule(
    value = "size(self.metadata.name) <= 225",
    message =
        "the name must have at most 225 characters, since the webhook is named after the policy")
public final class ClusterAdmissionPolicy
    extends CustomResource<ClusterAdmissionPolicySpec, PolicyStatus> {
  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable ClusterAdmissionPolicySpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable PolicyStatus initStatus() {
    return null;
  }
}
