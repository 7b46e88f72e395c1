package dev.warder.operator;

/** How the API server reaches the webhook. */
public sealed interface WebhookEndpoint {
  /** Through a Service in Warder's namespace: Warder runs in the cluster. */
  record Service(String name, int port) implements WebhookEndpoint {}

  /** By {@code https://host:port}, the port being the bound one: Warder runs outside. */
  record Url(String host) implements WebhookEndpoint {}
}
