package dev.warder.controlplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder that holds the programs of a control plane.
 *
 * @param folder where they are
 */
public record ControlPlaneBinaries(Path folder) {

  /** The Kubernetes version that is built when no programs are given. */
  public static final String VERSION = "v1.35.4";

  /**
   * Finds etcd, kube-apiserver and kubectl, or makes them: {@code KUBEBUILDER_ASSETS}, the cache, a
   * download of the release, a build from Go modules, in this order. The build takes several
   * minutes once.
   *
   * @throws ControlPlaneException if they can neither be found nor made
   */
  public static ControlPlaneBinaries locate(Progress progress) {
    return locate(Component.CORE, progress);
  }

  /**
   * Finds or makes the given programs, all of them in one folder.
   *
   * @throws ControlPlaneException if they can neither be found nor made
   */
  public static ControlPlaneBinaries locate(Set<Component> needed, Progress progress) {
    CacheFolder cache = CacheFolder.ofUser();
    return locate(
        List.of(
            AssetsFolder.fromEnvironment(),
            new CachedBuild(cache),
            ReleaseBundle.forThisMachine(cache),
            new GoBuild(cache)),
        needed,
        progress);
  }

  static ControlPlaneBinaries locate(
      List<BinarySource> sources, Set<Component> needed, Progress progress) {
    for (BinarySource source : sources) {
      Optional<ControlPlaneBinaries> found = source.find(needed, progress);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new ControlPlaneException(
        "no source has " + names(needed) + ": set KUBEBUILDER_ASSETS to a folder that holds them");
  }

  /** The path of one program; whether it exists is only certain for those that were asked for. */
  public Path program(Component component) {
    return folder.resolve(component.fileName());
  }

  boolean hasAll(Set<Component> needed) {
    return missing(needed).isEmpty();
  }

  List<Component> missing(Set<Component> needed) {
    return needed.stream().filter(c -> !Files.isExecutable(program(c))).sorted().toList();
  }

  static String names(Collection<Component> components) {
    return String.join(", ", components.stream().sorted().map(Component::fileName).toList());
  }
}
