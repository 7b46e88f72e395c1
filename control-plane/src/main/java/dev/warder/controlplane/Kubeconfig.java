package dev.warder.controlplane;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How a client reaches the API server: its address, its authority and a token. */
record Kubeconfig(URI server, String caCertificatePem, String token) {

  String toYaml() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: warder
      cluster:
        server: %s
        certificate-authority-data: %s
    users:
    - name: warder
      user:
        token: %s
    contexts:
    - name: warder
      context:
        cluster: warder
        user: warder
        namespace: default
    current-context: warder
    """
        .formatted(
            server,
            Base64.getEncoder().encodeToString(caCertificatePem.getBytes(StandardCharsets.UTF_8)),
            token);
  }
}
