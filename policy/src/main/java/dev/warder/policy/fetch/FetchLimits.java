package dev.warder.policy.fetch;

import java.time.Duration;

/**
 * What one fetch may cost.
 *
 * @param maxModuleBytes size of the module, at most 1 GiB
 * @param maxManifestBytes size of each manifest
 * @param maxRedirects how many redirects one request may follow
 * @param connectTimeout until a connection stands
 * @param readTimeout how long the source may send nothing
 * @param totalTimeout from the first request to the last byte
 */
public record FetchLimits(
    long maxModuleBytes,
    long maxManifestBytes,
    int maxRedirects,
    Duration connectTimeout,
    Duration readTimeout,
    Duration totalTimeout) {

  private static final long MIB = 1024 * 1024;
  private static final long GIB = 1024 * MIB;

  public FetchLimits {
    if (maxModuleBytes < 1 || maxManifestBytes < 1 || maxRedirects < 0) {
      throw new IllegalArgumentException("sizes must be positive, redirects not negative");
    }
    if (maxModuleBytes > GIB) {
      throw new IllegalArgumentException("modules are held in memory: at most 1 GiB");
    }
    if (!connectTimeout.isPositive() || !readTimeout.isPositive() || !totalTimeout.isPositive()) {
      throw new IllegalArgumentException("timeouts must be positive");
    }
  }

  /** For what guests wait for: the same, with 3 s to connect, 5 s of silence, 10 s in all. */
  public static FetchLimits forImages() {
    var usual = defaults();
    return new FetchLimits(
        usual.maxModuleBytes,
        usual.maxManifestBytes,
        usual.maxRedirects,
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  /**
   * 128 MiB modules, 4 MiB manifests, 5 redirects; 5 s to connect, 10 s of silence, 60 s in all.
   */
  public static FetchLimits defaults() {
    return new FetchLimits(
        128 * MIB,
        4 * MIB,
        5,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60));
  }
}
