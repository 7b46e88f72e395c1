package dev.warder.controlplane;

import java.util.Optional;
import java.util.Set;

/** One place where the programs of a control plane may come from. */
sealed interface BinarySource permits AssetsFolder, CachedBuild, ReleaseBundle, GoBuild {

  /**
   * Gives a folder with all needed programs.
   *
   * @return empty if this place does not have them and the next one should be asked
   * @throws ControlPlaneException if this place should have them but something has to be mended
   *     first
   */
  Optional<ControlPlaneBinaries> find(Set<Component> needed, Progress progress);
}
