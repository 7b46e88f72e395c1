package dev.warder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Format;
import dev.warder.cli.common.Logs;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.metadata.MetadataSection;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.metadata.Rule;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.verify.Requirement;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a module says about itself. */
@Command(
    name = "inspect",
    description = "Prints what a module says about itself.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class InspectCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String ROW = "%-18s %s%n";

  @Parameters(
      paramLabel = "MODULE",
      description = "A file, or a reference: registry://…, https://…, file:///….")
  private String module;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      defaultValue = "text",
      description = "A table, or JSON with the metadata as it is (default: ${DEFAULT-VALUE}).")
  private Format output;

  @Mixin private FetchOptions fetch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    try (var fetcher = fetch.fetcher()) {
      var verified =
          Failures.valueOf(
              ModuleReferences.parse(Modules.reference(module))
                  .then(fetcher::fetch)
                  .then(fetched -> fetch.verifier(fetcher).verify(fetched, Requirement.NONE)));
      var section =
          Failures.valueOf(
              MetadataSection.read(verified.content())
                  .then(
                      found ->
                          found
                              .map(Outcome::done)
                              .orElseGet(
                                  () ->
                                      Outcome.failed(
                                          Reason.MetadataMissing,
                                          "the module has no section "
                                              + MetadataSection.NAME
                                              + ": annotate it with 'warder annotate'"))));
      // Read both ways: what can be printed as JSON may still not be metadata.
      var metadata = Failures.valueOf(PolicyMetadataReader.read(verified.content()));
      print(verified.fetched(), metadata, JSON.readTree(section));
    }
    return CommandLine.ExitCode.OK;
  }

  private void print(FetchedModule fetched, PolicyMetadata metadata, JsonNode section)
      throws JsonProcessingException {
    var out = spec.commandLine().getOut();
    switch (output) {
      case JSON -> {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("module", fetched.immutableReference());
        json.put("digest", fetched.digest().toString());
        json.put("size", fetched.size());
        json.set("metadata", section);
        out.println(JSON.writeValueAsString(json));
      }
      case TEXT -> print(out, fetched, metadata);
    }
  }

  private static void print(PrintWriter out, FetchedModule fetched, PolicyMetadata metadata) {
    out.printf(ROW, "Module", fetched.immutableReference());
    out.printf(ROW, "Digest", fetched.digest());
    out.printf(ROW, "Size", fetched.size() + " bytes");
    out.printf(ROW, "Execution mode", metadata.executionMode().json());
    out.printf(ROW, "Policy type", metadata.policyType().json());
    out.printf(ROW, "Mutating", metadata.mutating());
    out.printf(ROW, "Background audit", metadata.backgroundAudit());
    metadata
        .minimumKubewardenVersion()
        .ifPresent(version -> out.printf(ROW, "Needs Kubewarden", version));
    if (!metadata.contextAwareResources().isEmpty()) {
      out.printf(
          ROW,
          "Reads",
          joined(
              metadata.contextAwareResources().stream()
                  .map(kind -> kind.apiVersion() + "/" + kind.kind())
                  .toList()));
    }
    if (!metadata.hostCapabilities().isEmpty()) {
      out.printf(ROW, "Host capabilities", joined(metadata.hostCapabilities()));
    }
    if (!metadata.rules().isEmpty()) {
      out.println("Rules");
      metadata.rules().forEach(rule -> out.println("  " + text(rule)));
    }
    if (!metadata.annotations().isEmpty()) {
      out.println("Annotations");
      var width = metadata.annotations().keySet().stream().mapToInt(String::length).max();
      metadata
          .annotations()
          .forEach(
              (name, value) ->
                  out.printf("  %-" + width.orElse(1) + "s  %s%n", name, value.strip()));
    }
    out.flush();
  }

  private static String text(Rule rule) {
    var groups = rule.apiGroups().stream().map(group -> group.isEmpty() ? "core" : group).toList();
    return "%s of %s in %s %s"
        .formatted(
            joined(rule.operations()),
            joined(rule.resources()),
            joined(groups),
            joined(rule.apiVersions()));
  }

  private static String joined(Iterable<String> words) {
    return String.join(", ", words);
  }
}
