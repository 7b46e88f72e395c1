package dev.warder.controlplane;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folder under which built and downloaded programs are kept from one run to the next.
 *
 * @param root a folder that nobody else writes to
 */
record CacheFolder(Path root) {

  static CacheFolder ofUser() {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static CacheFolder of(Map<String, String> environment, Path home) {
    String base = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG base directory specification: a relative path is invalid and is to be ignored.
    Path caches = Path.of(base).isAbsolute() ? Path.of(base) : home.resolve(".cache");
    return new CacheFolder(caches.resolve("warder"));
  }

  /** Programs built from Go modules. */
  Path built() {
    return controlPlane().resolve(ControlPlaneBinaries.VERSION);
  }

  /** Programs of a downloaded release. */
  Path bundle(String version) {
    return controlPlane().resolve(version + "-envtest");
  }

  Path tool(String name, String version) {
    return root.resolve("tools").resolve(name + "-" + version);
  }

  private Path controlPlane() {
    return root.resolve("control-plane");
  }
}
