package dev.warder.policy.host;

import dev.warder.policy.host.crypto.CertificateCalls;
import dev.warder.policy.host.kubernetes.KubernetesPayloads;
import dev.warder.policy.host.net.DnsCalls;
import dev.warder.policy.host.oci.OciPayloads;
import dev.warder.policy.json.Shape;
import java.util.Arrays;
import java.util.Optional;

/** Every host call that there is, with the rule by which it is allowed. */
@SuppressWarnings("ImmutableEnumChecker") // shapes have no state
public enum HostOperation {
  LOG("tracing", "log", HostRule.ALWAYS, Shape.ANY),
  LIST_BY_NAMESPACE(
      "kubernetes",
      "list_resources_by_namespace",
      HostRule.CAPABILITY_AND_KIND,
      KubernetesPayloads.LIST_BY_NAMESPACE),
  LIST_ALL(
      "kubernetes",
      "list_resources_all",
      HostRule.CAPABILITY_AND_KIND,
      KubernetesPayloads.LIST_ALL),
  GET("kubernetes", "get_resource", HostRule.CAPABILITY_AND_KIND, KubernetesPayloads.GET),
  CAN_I("kubernetes", "can_i", HostRule.CAPABILITY, KubernetesPayloads.CAN_I),
  VERIFY_V1("oci", "v1/verify", HostRule.CAPABILITY, Shape.ANY),
  VERIFY_V2("oci", "v2/verify", HostRule.CAPABILITY, Shape.ANY),
  MANIFEST_DIGEST("oci", "v1/manifest_digest", HostRule.CAPABILITY, OciPayloads.IMAGE),
  MANIFEST("oci", "v1/oci_manifest", HostRule.CAPABILITY, OciPayloads.IMAGE),
  MANIFEST_CONFIG("oci", "v1/oci_manifest_config", HostRule.CAPABILITY, OciPayloads.IMAGE),
  DNS_LOOKUP("net", "v1/dns_lookup_host", HostRule.CAPABILITY, DnsCalls.PAYLOAD),
  CERTIFICATE_TRUSTED(
      "crypto", "v1/is_certificate_trusted", HostRule.CAPABILITY, CertificateCalls.PAYLOAD);

  private final String namespace;
  private final String operation;
  private final HostRule rule;
  private final Shape payload;

  HostOperation(String namespace, String operation, HostRule rule, Shape payload) {
    this.namespace = namespace;
    this.operation = operation;
    this.rule = rule;
    this.payload = payload;
  }

  static Optional<HostOperation> find(String namespace, String operation) {
    return Arrays.stream(values())
        .filter(one -> one.namespace.equals(namespace) && one.operation.equals(operation))
        .findFirst();
  }

  static boolean knowsNamespace(String namespace) {
    return Arrays.stream(values()).anyMatch(one -> one.namespace.equals(namespace));
  }

  String namespace() {
    return namespace;
  }

  /** As capability lists name it, such as {@code oci/v1/verify}. */
  public String path() {
    return namespace + "/" + operation;
  }

  HostRule rule() {
    return rule;
  }

  Shape payload() {
    return payload;
  }
}
