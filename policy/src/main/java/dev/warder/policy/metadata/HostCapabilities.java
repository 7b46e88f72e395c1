package dev.warder.policy.metadata;

import java.util.List;
import java.util.Optional;

/** The host calls that Kubewarden's hosts know, as {@code namespace/operation}, and patterns. */
public final class HostCapabilities {
  static final List<String> ALL =
      List.of(
          "crypto/v1/is_certificate_trusted",
          "kubernetes/can_i",
          "kubernetes/get_resource",
          "kubernetes/list_resources_all",
          "kubernetes/list_resources_by_namespace",
          "net/v1/dns_lookup_host",
          "oci/v1/manifest_digest",
          "oci/v1/oci_manifest",
          "oci/v1/oci_manifest_config",
          "oci/v1/verify",
          "oci/v2/verify");

  private static final String ANY = "*";
  private static final String BELOW = "/*";

  private HostCapabilities() {}

  /** Whether a declared path, which may end in {@code *}, allows a host call. */
  public static boolean covers(String declared, String capability) {
    var pattern = declared.strip();
    if (pattern.equals(ANY)) {
      return true;
    }
    return pattern.endsWith(BELOW)
        ? capability.startsWith(pattern.substring(0, pattern.length() - 1))
        : capability.equals(pattern);
  }

  /** What is wrong with a declared path; empty if it allows anything that exists. */
  static Optional<String> problem(String declared) {
    if (ALL.stream().anyMatch(known -> covers(declared, known))) {
      return Optional.empty();
    }
    var pattern = declared.strip();
    if (pattern.equals("tracing") || pattern.startsWith("tracing/")) {
      return Optional.of("logging needs no declaration");
    }
    return Optional.of(
        ALL.stream().anyMatch(known -> known.startsWith(pattern + "/"))
            ? "it stops halfway: say " + pattern + BELOW
            : "there is no such host capability; there are " + String.join(", ", ALL));
  }
}
