package dev.warder.webhook.http;

/**
 * Where the admission server listens and what it allows.
 *
 * @param host address that both ports are bound to
 * @param port HTTPS (plain HTTP without a certificate), for the API server; 0 takes a free one
 * @param managementPort plain HTTP, for probes and Prometheus; 0 takes a free one
 */
public record AdmissionServerOptions(
    String host, int port, int managementPort, AdmissionLimits limits) {}
