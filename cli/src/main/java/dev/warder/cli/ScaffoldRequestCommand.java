package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.cli.common.Logs;
import dev.warder.cli.scaffold.RequestDraft;
import dev.warder.cli.scaffold.ResourceOfKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Begins an admission request. */
@Command(
    name = "admission-request",
    description = "Prints the request that an API server would make of an object.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Prints JSON for 'warder run', so there is no --output.",
      "With --context or --kubeconfig the cluster is asked what the kind is called in requests;",
      "without, only the kinds are known that every cluster has.",
      "",
      "Example:",
      "  warder scaffold admission-request --operation UPDATE --object new.yaml \\",
      "    --old-object old.yaml > request.json"
    })
final class ScaffoldRequestCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Option(
      names = {"-o", "--operation"},
      paramLabel = "OPERATION",
      required = true,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private RequestDraft.Operation operation;

  @Option(names = "--object", paramLabel = "FILE", description = "The object, YAML or JSON.")
  private @Nullable Path object;

  @Option(
      names = "--old-object",
      paramLabel = "FILE",
      description = "The object as it was before, for UPDATE and DELETE.")
  private @Nullable Path oldObject;

  @Mixin private ClusterOptions cluster;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logs.quiet();
    var after = document(object);
    var before = document(oldObject);
    spec.commandLine().getOut().println(JSON.writeValueAsString(draft(after, before)));
    return CommandLine.ExitCode.OK;
  }

  private JsonNode draft(Optional<JsonNode> after, Optional<JsonNode> before) {
    if (!cluster.named()) {
      return RequestDraft.of(operation, after, before, ResourceOfKind::wellKnown);
    }
    return cluster.ask(
        client ->
            RequestDraft.of(
                operation,
                after,
                before,
                (group, version, kind) -> find(client, group, version, kind)));
  }

  private static Optional<ResourceOfKind> find(
      KubernetesClient client, String group, String version, String kind) {
    var resources = client.getApiResources(group.isEmpty() ? version : group + "/" + version);
    return resources == null
        ? Optional.empty()
        : resources.getResources().stream()
            .filter(
                resource -> resource.getKind().equals(kind) && !resource.getName().contains("/"))
            .findFirst()
            .map(resource -> new ResourceOfKind(resource.getName(), resource.getNamespaced()));
  }

  private static Optional<JsonNode> document(@Nullable Path file) throws IOException {
    return file == null ? Optional.empty() : Optional.of(YamlFiles.read(file));
  }
}
