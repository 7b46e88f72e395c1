package dev.warder.operator;

/**
 * How policies see the cluster.
 *
 * @param account the user that reads for them, whom the operator impersonates
 * @param memoryBytes what the lists that are kept for them may take together
 */
public record ContextSettings(String account, long memoryBytes) {
  private static final long DEFAULT_BYTES = 256L << 20;
  private static final String SERVICE_ACCOUNT = "warder-policies";

  /** The service account of config/rbac, and 256 MiB. */
  public static ContextSettings defaults(String namespace) {
    return new ContextSettings(serviceAccount(namespace, SERVICE_ACCOUNT), DEFAULT_BYTES);
  }

  /** The user name of a service account. */
  public static String serviceAccount(String namespace, String name) {
    return "system:serviceaccount:%s:%s".formatted(namespace, name);
  }
}
