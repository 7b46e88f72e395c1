package dev.warder.operator.policyserver;

import dev.warder.crd.PolicyServerSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a PolicyServer that are about a Deployment, which Warder does not run. */
final class IgnoredFields {
  private IgnoredFields() {}

  /** Those that are set, sorted. */
  static List<String> of(PolicyServerSpec spec) {
    var names = new ArrayList<String>();
    note(names, "image", spec.image());
    note(names, "replicas", spec.replicas());
    note(names, "minAvailable", spec.minAvailable());
    note(names, "maxUnavailable", spec.maxUnavailable());
    note(names, "annotations", spec.annotations());
    note(names, "labels", spec.labels());
    note(names, "env", spec.env());
    note(names, "serviceAccountName", spec.serviceAccountName());
    note(names, "securityContexts", spec.securityContexts());
    note(names, "affinity", spec.affinity());
    note(names, "tolerations", spec.tolerations());
    note(names, "priorityClassName", spec.priorityClassName());
    note(names, "limits", spec.limits());
    note(names, "requests", spec.requests());
    note(names, "webhookPort", spec.webhookPort());
    note(names, "readinessProbePort", spec.readinessProbePort());
    note(names, "metricsPort", spec.metricsPort());
    note(names, "namespacedPoliciesCapabilities", spec.namespacedPoliciesCapabilities());
    Collections.sort(names);
    return List.copyOf(names);
  }

  private static void note(List<String> names, String name, @Nullable Object value) {
    if (value != null) {
      names.add(name);
    }
  }
}
