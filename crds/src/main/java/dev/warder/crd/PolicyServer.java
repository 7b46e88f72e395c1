package dev.warder.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the Warder instance of that name: where its modules may come from and who must
 * have signed them. Warder runs no Deployment for it.
 */
@Group("policies.kubewarden.io")
@Version("v1")
@Kind("PolicyServer")
@Plural("policyservers")
@ShortNames("ps")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Verification",
    jsonPath = ".spec.verificationConfig",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Pull-Secret",
    jsonPath = ".spec.imagePullSecret",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
public final class PolicyServer extends CustomResource<PolicyServerSpec, PolicyServerStatus> {
  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable PolicyServerSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable PolicyServerStatus initStatus() {
    return null;
  }
}
