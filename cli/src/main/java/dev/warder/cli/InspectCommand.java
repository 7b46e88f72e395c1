package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.DataFormat;
import dev.warder.cli.common.Failures;
import dev.warder.cli.common.Logs;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.metadata.MetadataSection;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.metadata.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a module says about itself, or a cluster about a policy and its module. */
@Command(
    name = "inspect",
    description =
        "Prints what a module, or the module of a policy in a cluster, says about itself.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  warder inspect policy.wasm",
      "  warder inspect registry://registry.example/policies/no-latest-tag:v0.1.0 --output yaml",
      "  warder inspect clusteradmissionpolicy/no-latest-tag --context production"
    })
final class InspectCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  @Parameters(
      paramLabel = "MODULE",
      description = {
        "A file, a reference (registry://…, https://…, file:///…), or a policy in a cluster",
        "(clusteradmissionpolicy/NAME)."
      })
  private String module;

  @Option(
      names = {"-o", "--output"},
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description =
          "A table, or a document with the metadata as it is (default: ${DEFAULT-VALUE}).")
  private DataFormat output;

  @Mixin private ClusterOptions cluster;

  @Mixin private FetchOptions fetch;

  @Spec private CommandSpec spec;

  private record Found(FetchedModule fetched, PolicyMetadata metadata, JsonNode section) {
    JsonNode json() {
      var json = ReferenceOutput.document(fetched);
      json.set("metadata", section);
      return json;
    }
  }

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var out = spec.commandLine().getOut();
    var policy = ServedPolicyView.nameIn(module);
    if (policy.isPresent()) {
      inspectPolicy(policy.get(), out);
    } else {
      var found = find(Modules.reference(module));
      output.print(out, found.json(), () -> print(out, found.fetched(), found.metadata()));
    }
    return CommandLine.ExitCode.OK;
  }

  private void inspectPolicy(String name, PrintWriter out) throws IOException {
    var view = cluster.ask(client -> ServedPolicyView.read(client, name));
    var found = metadataOf(view);
    var json = view.json();
    json.set("metadata", found.map(Found::section).orElseGet(JsonNodeFactory.instance::nullNode));
    output.print(
        out,
        json,
        () -> {
          view.print(out);
          found.ifPresent(it -> describe(out, it.metadata()));
        });
  }

  /** The module may be where only the cluster can reach it; what the cluster says is worth most. */
  private Optional<Found> metadataOf(ServedPolicyView view) throws IOException {
    if (view.module().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(find(view.module().get()));
    } catch (CommandFailedException e) {
      spec.commandLine()
          .getErr()
          .println("Warning: the module's metadata cannot be shown: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Found find(String reference) throws IOException {
    try (var fetcher = fetch.fetcher()) {
      var verified =
          Failures.valueOf(ModuleMetadata.module(fetcher, fetch.verifier(fetcher), reference));
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
      return new Found(verified.fetched(), metadata, JSON.readTree(section));
    }
  }

  private static void print(PrintWriter out, FetchedModule fetched, PolicyMetadata metadata) {
    row(out, "Module", fetched.immutableReference());
    row(out, "Digest", fetched.digest());
    row(out, "Size", fetched.size() + " bytes");
    describe(out, metadata);
  }

  static void row(PrintWriter out, String name, Object value) {
    out.printf("%-18s %s%n", name, value);
  }

  private static void describe(PrintWriter out, PolicyMetadata metadata) {
    row(out, "Execution mode", metadata.executionMode().json());
    row(out, "Policy type", metadata.policyType().json());
    row(out, "Mutating", metadata.mutating());
    row(out, "Background audit", metadata.backgroundAudit());
    metadata.minimumKubewardenVersion().ifPresent(version -> row(out, "Needs Kubewarden", version));
    if (!metadata.contextAwareResources().isEmpty()) {
      row(
          out,
          "Reads",
          joined(
              metadata.contextAwareResources().stream()
                  .map(kind -> kind.apiVersion() + "/" + kind.kind())
                  .toList()));
    }
    if (!metadata.hostCapabilities().isEmpty()) {
      row(out, "Host capabilities", joined(metadata.hostCapabilities()));
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
