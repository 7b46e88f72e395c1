package dev.warder.cli;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that fetch a module. */
final class FetchOptions {
  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = "Where fetched modules are kept (default: warder/modules in the user's cache).")
  private @Nullable Path store;

  @Option(
      names = "--insecure-source",
      paramLabel = "HOST[:PORT]",
      split = ",",
      description = "A host from which modules may come by plain HTTP. Can be repeated.")
  private Set<String> insecureSources = new LinkedHashSet<>();

  Path store() {
    return store == null ? Modules.defaultStore() : store;
  }

  /** The same, unless the option is absent and there is another folder. */
  Path storeOr(@Nullable Path other) {
    return store == null && other != null ? other : store();
  }

  Set<String> insecureSources() {
    return insecureSources;
  }

  /** A fetcher with the usual limits. */
  ModuleFetcher fetcher() {
    return new ModuleFetcher(new ModuleStore(store()), FetchLimits.defaults(), insecureSources);
  }
}
