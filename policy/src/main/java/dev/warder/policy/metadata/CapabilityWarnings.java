package dev.warder.policy.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Compares what a WASI module seems to ask of its host with what its metadata declare.
 *
 * @param callsHost whether it can call its host at all
 * @param found the host calls that its data point to
 */
record CapabilityWarnings(PolicyMetadata metadata, boolean callsHost, Set<String> found) {
  private static final String LISTS = "kubernetes/list_resources";
  private static final String GETS = "kubernetes/get_resource";

  List<String> lines() {
    var lines = new ArrayList<String>();
    for (var declared : metadata.hostCapabilities()) {
      HostCapabilities.problem(declared)
          .ifPresent(problem -> lines.add("hostCapabilities has \"" + declared + "\": " + problem));
    }
    if (!callsHost) {
      if (!metadata.hostCapabilities().isEmpty() || !metadata.contextAwareResources().isEmpty()) {
        lines.add(
            "hostCapabilities or contextAwareResources are declared, but the module imports no"
                + " host call (host.call): leave them out");
      }
      return lines;
    }
    undeclared(lines);
    unused(lines);
    resources(lines);
    return lines;
  }

  private void undeclared(List<String> lines) {
    for (var capability : found) {
      if (metadata.hostCapabilities().stream()
          .noneMatch(declared -> HostCapabilities.covers(declared, capability))) {
        lines.add(
            "the module seems to call "
                + capability
                + ": add it to hostCapabilities, or it may be refused");
      }
    }
  }

  private void unused(List<String> lines) {
    for (var declared : metadata.hostCapabilities()) {
      if (HostCapabilities.problem(declared).isEmpty()
          && found.stream().noneMatch(used -> HostCapabilities.covers(declared, used))) {
        lines.add(
            "hostCapabilities has \""
                + declared
                + "\", but nothing in the module points to such a call: leave it out if it is not"
                + " made");
      }
    }
  }

  private void resources(List<String> lines) {
    var reads = found.stream().anyMatch(used -> used.equals(GETS) || used.startsWith(LISTS));
    if (reads && metadata.contextAwareResources().isEmpty()) {
      lines.add(
          "the module seems to read from the cluster, but contextAwareResources is empty: name"
              + " the kinds that it reads");
    }
  }
}
