package dev.warder.controlplane;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folder that a user names in {@code KUBEBUILDER_ASSETS}, the convention of envtest.
 *
 * @param folder empty if the user names none
 */
record AssetsFolder(Optional<Path> folder) implements BinarySource {

  private static final String VARIABLE = "KUBEBUILDER_ASSETS";

  static AssetsFolder fromEnvironment() {
    return new AssetsFolder(
        Optional.ofNullable(System.getenv(VARIABLE)).filter(v -> !v.isBlank()).map(Path::of));
  }

  @Override
  public Optional<ControlPlaneBinaries> find(Set<Component> needed, Progress progress) {
    return folder.flatMap(path -> check(new ControlPlaneBinaries(path), needed, progress));
  }

  private static Optional<ControlPlaneBinaries> check(
      ControlPlaneBinaries named, Set<Component> needed, Progress progress) {
    List<Component> missing = named.missing(needed);
    if (missing.isEmpty()) {
      return Optional.of(named);
    }
    String without =
        VARIABLE + "=" + named.folder() + " has no " + ControlPlaneBinaries.names(missing);
    // envtest's folders never have more than the core, so only that is an error of the user.
    if (!Collections.disjoint(EnumSet.copyOf(missing), Component.CORE)) {
      throw new ControlPlaneException(without + ": correct the variable or unset it");
    }
    progress.step(without + ", looking elsewhere");
    return Optional.empty();
  }
}
