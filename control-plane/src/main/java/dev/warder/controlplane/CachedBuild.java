package dev.warder.controlplane;

import java.util.Optional;
import java.util.Set;

/** What an earlier build left in the cache. */
record CachedBuild(CacheFolder cache) implements BinarySource {

  @Override
  public Optional<ControlPlaneBinaries> find(Set<Component> needed, Progress progress) {
    return Optional.of(new ControlPlaneBinaries(cache.built())).filter(b -> b.hasAll(needed));
  }
}
