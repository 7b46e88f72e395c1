package dev.warder.controlplane;

/** Logs who wrote what, without the content. */
final class AuditPolicy {

  static final String WRITES_ONLY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - level: Metadata
        verbs: [create, update, patch, delete, deletecollection]
      - level: None
      """;

  private AuditPolicy() {}
}
