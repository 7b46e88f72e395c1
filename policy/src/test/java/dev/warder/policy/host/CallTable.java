package dev.warder.policy.host;

import static dev.warder.policy.host.CallTable.Needs.CAPABILITY;
import static dev.warder.policy.host.CallTable.Needs.CAPABILITY_AND_KIND;
import static dev.warder.policy.host.CallTable.Needs.NOTHING;

import java.util.List;
import java.util.Optional;

/**
 * Every host call that the tests know, what it needs, and a payload that fits. It is written down
 * here once more on purpose: a call that is added to the program has no rule before somebody has
 * thought about one.
 */
record CallTable(
    HostOperation operation, String namespace, String name, Needs needs, String payload) {
  /** What the policy must have been granted. */
  enum Needs {
    NOTHING,
    CAPABILITY,
    CAPABILITY_AND_KIND
  }

  static final List<CallTable> ALL =
      List.of(
          new CallTable(HostOperation.LOG, "tracing", "log", NOTHING, "{\"level\":\"info\"}"),
          new CallTable(
              HostOperation.LIST_BY_NAMESPACE,
              "kubernetes",
              "list_resources_by_namespace",
              CAPABILITY_AND_KIND,
              "{\"api_version\":\"v1\",\"kind\":\"Pod\",\"namespace\":\"a\"}"),
          new CallTable(
              HostOperation.LIST_ALL,
              "kubernetes",
              "list_resources_all",
              CAPABILITY_AND_KIND,
              "{\"api_version\":\"v1\",\"kind\":\"Pod\"}"),
          new CallTable(
              HostOperation.GET,
              "kubernetes",
              "get_resource",
              CAPABILITY_AND_KIND,
              "{\"api_version\":\"v1\",\"kind\":\"Pod\",\"name\":\"n\",\"disable_cache\":false}"),
          new CallTable(
              HostOperation.CAN_I,
              "kubernetes",
              "can_i",
              CAPABILITY,
              "{\"subject_access_review\":{\"user\":\"u\",\"resource_attributes\":"
                  + "{\"verb\":\"get\",\"resource\":\"pods\"}},\"disable_cache\":true}"),
          new CallTable(
              HostOperation.VERIFY_V1,
              "oci",
              "v1/verify",
              CAPABILITY,
              "{\"SigstorePubKeyVerify\":{\"image\":\"!\",\"pub_keys\":[\"k\"]}}"),
          new CallTable(
              HostOperation.VERIFY_V2,
              "oci",
              "v2/verify",
              CAPABILITY,
              "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"!\",\"certificate\":[45,45],"
                  + "\"certificate_chain\":[[1]],\"require_rekor_bundle\":true,"
                  + "\"annotations\":{\"a\":\"b\"}}"),
          new CallTable(
              HostOperation.MANIFEST_DIGEST, "oci", "v1/manifest_digest", CAPABILITY, "\"!\""),
          new CallTable(HostOperation.MANIFEST, "oci", "v1/oci_manifest", CAPABILITY, "\"!\""),
          new CallTable(
              HostOperation.MANIFEST_CONFIG, "oci", "v1/oci_manifest_config", CAPABILITY, "\"!\""),
          new CallTable(
              HostOperation.DNS_LOOKUP, "net", "v1/dns_lookup_host", CAPABILITY, "\"host.test\""),
          new CallTable(
              HostOperation.CERTIFICATE_TRUSTED,
              "crypto",
              "v1/is_certificate_trusted",
              CAPABILITY,
              "{\"cert\":{\"encoding\":\"Pem\",\"data\":[45,45]},\"cert_chain\":null,"
                  + "\"not_after\":null}"));

  String path() {
    return namespace + "/" + name;
  }

  static Optional<CallTable> find(String namespace, String name) {
    return ALL.stream()
        .filter(one -> one.namespace.equals(namespace) && one.name.equals(name))
        .findFirst();
  }

  static CallTable of(HostOperation operation) {
    return ALL.stream().filter(one -> one.operation == operation).findFirst().orElseThrow();
  }
}
