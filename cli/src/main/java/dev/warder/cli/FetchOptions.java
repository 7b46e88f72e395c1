package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.SourceFiles;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.fetch.TransferListener;
import dev.warder.policy.verify.ModuleVerifier;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.wasi.ProgramStorage;
import dev.warder.policy.wasi.WasiEngine;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that fetch a module and compile it. */
final class FetchOptions {
  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = "Where fetched modules are kept (default: warder/modules in the user's cache).")
  private @Nullable Path store;

  @Mixin private SourceOptions sources;

  @Option(
      names = "--program-key",
      paramLabel = "FILE",
      description = {
        "The key, made if missing, by which compiled programs in the store are known for one's own",
        "(default: programs.key in the store)."
      })
  private @Nullable Path programKey;

  @Option(
      names = "--compile-memory",
      paramLabel = "SIZE",
      defaultValue = "512Mi",
      converter = Quantities.SizeConverter.class,
      description = {
        "The most heap that the process which compiles modules may have",
        "(default: ${DEFAULT-VALUE})."
      })
  private long compileMemory;

  @Option(
      names = "--compile-timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = Quantities.DurationConverter.class,
      description = "How long compiling one module may take (default: ${DEFAULT-VALUE}).")
  private Duration compileTimeout;

  /** Where compiled programs are kept if modules are kept in that folder. */
  ProgramStorage programs(Path modules) {
    var usual = ProgramStorage.in(modules);
    return ProgramStorage.of(
        usual.folder(),
        programKey == null ? usual.keyFile() : programKey,
        compileMemory,
        compileTimeout);
  }

  /** An engine with these options. */
  WasiEngine engine() {
    try {
      return new WasiEngine(programs(store()));
    } catch (UncheckedIOException e) {
      throw new CommandFailedException(
          "--store: " + store() + " cannot hold compiled programs: " + e.getMessage(), e);
    }
  }

  Path store() {
    return store == null ? Modules.defaultStore() : store;
  }

  /** The same, unless the option is absent and there is another folder. */
  Path storeOr(@Nullable Path other) {
    return store == null && other != null ? other : store();
  }

  Sources sources(SourceOptions.Who who) {
    return sources.sources(who);
  }

  SourceFiles sourceFiles(SourceOptions.Who who) {
    return sources.files(who);
  }

  /** A fetcher with the usual limits. */
  ModuleFetcher fetcher() {
    return fetcher(TransferListener.NONE);
  }

  /** The same, telling a listener how far it is. */
  ModuleFetcher fetcher(TransferListener listener) {
    return new ModuleFetcher(
        new ModuleStore(store()),
        FetchLimits.defaults(),
        sources(SourceOptions.Who.USER),
        listener);
  }

  /** What verifies modules that this fetcher got. */
  ModuleVerifier verifier(ModuleFetcher fetcher) {
    return new ModuleVerifier(fetcher::repository, signatures());
  }

  SignatureStore signatures() {
    return new SignatureStore(store());
  }
}
