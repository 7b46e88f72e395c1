package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Builds the missing programs from Go modules into the cache. Each module's version and sum is
 * pinned by the files that {@link GoModule} writes; {@code -mod=readonly} keeps Go to them.
 */
record GoBuild(CacheFolder cache) implements BinarySource {

  private static final String PURPOSE =
      "the local control plane is neither in KUBEBUILDER_ASSETS nor in the cache nor downloadable"
          + " and must be built";
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CGO_ENABLED", "0",
          "GOGC", "400",
          "GOWORK", "off",
          "GOFLAGS", "-mod=readonly -buildvcs=false");

  @Override
  public Optional<ControlPlaneBinaries> find(Set<Component> needed, Progress progress) {
    var target = new ControlPlaneBinaries(cache.built());
    CacheWork.doLocked(
        cache.built(),
        progress,
        scratch -> {
          List<Component> missing = target.missing(needed);
          if (!missing.isEmpty()) {
            build(missing, scratch, progress);
          }
        });
    return Optional.of(target);
  }

  private void build(List<Component> components, Path scratch, Progress progress)
      throws IOException, InterruptedException {
    var go = new GoCommand(scratch);
    GoModule.writeTo(scratch);
    go.requireVersion(PURPOSE);
    for (Component component : components) {
      Path built = scratch.resolve(component.builtName());
      go.build(title(component), arguments(component, built), ENVIRONMENT, progress);
      Files.createDirectories(cache.built());
      Files.move(
          built, cache.built().resolve(component.fileName()), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static String title(Component component) {
    return "building %s from Go modules (k8s.io/kubernetes %s)"
        .formatted(component.fileName(), ControlPlaneBinaries.VERSION);
  }

  static List<String> arguments(Component component, Path output) {
    return List.of(
        "build",
        "-trimpath",
        "-tags=grpcnotrace",
        "-ldflags=-s -w" + versionFlags(),
        "-o",
        output.toString(),
        component.goPackage());
  }

  /** Clients and kubectl compare versions, and a plain {@code go build} leaves them at v0.0.0. */
  private static String versionFlags() {
    String[] parts = ControlPlaneBinaries.VERSION.substring(1).split("\\.", -1);
    var flags = new StringBuilder();
    for (String variables :
        List.of("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")) {
      flags
          .append(" -X " + variables + ".gitVersion=" + ControlPlaneBinaries.VERSION)
          .append(" -X " + variables + ".gitMajor=" + parts[0])
          .append(" -X " + variables + ".gitMinor=" + parts[1])
          .append(" -X " + variables + ".gitCommit=")
          .append(" -X " + variables + ".gitTreeState=archive");
    }
    return flags.toString();
  }
}
