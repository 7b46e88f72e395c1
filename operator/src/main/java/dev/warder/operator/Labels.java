package dev.warder.operator;

import java.util.Map;

/** Labels of everything that Warder creates in a cluster. */
public final class Labels {
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  private static final String INSTANCE = "app.kubernetes.io/instance";
  public static final String WARDER = "warder";

  private Labels() {}

  public static Map<String, String> of(String instance) {
    return Map.of(
        "app.kubernetes.io/name",
        WARDER,
        "app.kubernetes.io/part-of",
        WARDER,
        MANAGED_BY,
        WARDER,
        INSTANCE,
        instance);
  }

  /** Selects what the instance created. */
  public static Map<String, String> selector(String instance) {
    return Map.of(MANAGED_BY, WARDER, INSTANCE, instance);
  }
}
