package dev.warder.cli;

import dev.warder.cli.common.Logs;
import dev.warder.cli.scaffold.Language;
import dev.warder.cli.scaffold.Names;
import dev.warder.cli.scaffold.PolicyProject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Begins a policy. */
@Command(
    name = "policy",
    description = "Writes the project of a policy that builds, is tested and runs as it is.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "go is Go's own compiler and nothing else; go-sdk adds Kubewarden's SDK. Each project has",
      "a Makefile, unit tests, cases for 'warder test', a manifest and a workflow for GitHub.",
      "",
      "Example:",
      "  warder scaffold policy --language rust no-host-network && make -C no-host-network test"
    })
final class ScaffoldPolicyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The policy's name, as Kubernetes takes names.")
  private String name;

  @Option(
      names = {"-l", "--language"},
      paramLabel = "LANGUAGE",
      required = true,
      converter = LanguageConverter.class,
      completionCandidates = Languages.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private Language language;

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "FOLDER",
      description = "Where it is written; absent or empty (default: NAME, here).")
  private @Nullable Path directory;

  @Spec private CommandSpec spec;

  /** What can be asked for. */
  static final class Languages implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Language.values()).map(Language::option).iterator();
    }
  }

  /** From what is asked for. */
  static final class LanguageConverter implements ITypeConverter<Language> {
    @Override
    public Language convert(String text) {
      return Arrays.stream(Language.values())
          .filter(language -> language.option().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is none of " + String.join(", ", new Languages())));
    }
  }

  @Override
  public Integer call() {
    Logs.quiet();
    var folder = directory == null ? Path.of(Names.checked("the name", name)) : directory;
    var files = new PolicyProject(Names.checked("the name", name), language).write(folder);
    var out = spec.commandLine().getOut();
    out.printf("wrote %d files to %s%n%n", files.size(), folder);
    out.println("Next:");
    out.printf("  cd %s%n", folder);
    out.println("  make test     # builds and annotates policy.wasm, runs the tests and cases");
    out.println("  make run      # one request, one verdict");
    out.println("Then change what it decides, beside the tests, and its metadata.yml.");
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
