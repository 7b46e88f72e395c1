package dev.warder.controlplane;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a control plane is to be like.
 *
 * @param dataFolder where it keeps its files, which stay there when it is closed; must be empty or
 *     absent. Without it a temporary folder is used and removed.
 * @param auditLog whether every write to the API is logged (audit level Metadata)
 * @param controllerManager whether kube-controller-manager runs too: without it deleted namespaces
 *     stay Terminating, nothing is garbage-collected, and Deployments make no pods
 */
public record ControlPlaneOptions(
    Optional<Path> dataFolder, boolean auditLog, boolean controllerManager) {

  /** A temporary folder, no audit log, no controller manager. */
  public static ControlPlaneOptions defaults() {
    return new ControlPlaneOptions(Optional.empty(), false, false);
  }

  public ControlPlaneOptions withDataFolder(Path folder) {
    return new ControlPlaneOptions(Optional.of(folder), auditLog, controllerManager);
  }

  public ControlPlaneOptions withAuditLog() {
    return new ControlPlaneOptions(dataFolder, true, controllerManager);
  }

  public ControlPlaneOptions withControllerManager() {
    return new ControlPlaneOptions(dataFolder, auditLog, true);
  }

  Set<Component> components() {
    EnumSet<Component> components = EnumSet.copyOf(Component.CORE);
    if (controllerManager) {
      components.add(Component.KUBE_CONTROLLER_MANAGER);
    }
    return components;
  }
}
