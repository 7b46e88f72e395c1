package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.fetch.OciLayoutWriter;
import dev.warder.policy.fetch.RegistryPusher;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.reference.ModuleReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Unpacks what {@link SaveCommand} packed into a registry. */
@Command(
    name = "load",
    description = "Puts a saved module, with its signatures, into a registry.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Prints the immutable reference; its digest is the one that was saved."})
final class LoadCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ARCHIVE", description = "A file that 'warder save' wrote.")
  private Path archive;

  @Parameters(paramLabel = "REFERENCE", description = "registry://host/repository:tag.")
  private String reference;

  @Mixin private SourceOptions sources;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var target = References.target(reference);
    if (!Files.isReadable(archive)) {
      throw new CommandFailedException("cannot read the file " + archive);
    }
    var work = Files.createTempDirectory("warder-load");
    try (var layouts =
            new ModuleFetcher(
                new ModuleStore(work.resolve("store")), FetchLimits.defaults(), Sources.none());
        var pusher =
            new RegistryPusher(FetchLimits.defaults(), sources.sources(SourceOptions.Who.USER))) {
      var layout =
          Failures.valueOf(
              OciLayoutWriter.unpack(archive, work.resolve("layout"), FetchLimits.defaults()));
      // Fetched first: what is no policy module, or not whole, is not pushed.
      var fetched =
          Failures.valueOf(ModuleReferences.parse("oci-layout:" + layout).then(layouts::fetch));
      var from = layouts.repository(fetched.reference()).orElseThrow();
      var loaded = Failures.valueOf(pusher.copy(from, fetched.manifest().orElseThrow(), target));
      spec.commandLine().getOut().println(loaded);
      return CommandLine.ExitCode.OK;
    } finally {
      deleteAll(work);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
