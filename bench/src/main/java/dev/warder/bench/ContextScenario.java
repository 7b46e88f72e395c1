package dev.warder.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs a policy to see the cluster, beside the same policy without host calls. */
@Command(
    name = "context",
    description = "Policies that list all Namespaces and that get one, beside no host calls.",
    mixinStandardHelpOptions = true)
final class ContextScenario extends Scenario {
  private static final String JVM = "-Xmx1228m";
  private static final String TEAM = "team-payments";
  private static final int TEAMS = 10;
  private static final int CHANGES = 20;
  private static final double MEBIBYTE = 1048576.0;

  @Option(names = "--namespaces", defaultValue = "3000", description = "(${DEFAULT-VALUE}).")
  private int count;

  @Option(names = "--clients", defaultValue = "20", description = "(${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      description = "Seconds before each load (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--seconds", defaultValue = "30", description = "Per load (${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  void measure(Path folder, Figures figures) throws Exception {
    var lists = BenchPolicy.large(HOME, "namespaces");
    if (!Files.exists(lists.module())) {
      throw new IllegalStateException(
          lists.module() + " is missing: run bench/policies/build.sh namespaces");
    }
    var get =
        new BenchPolicy(
            "get",
            HOME.resolve("samples/team-label/policy.wasm"),
            JsonNodeFactory.instance.objectNode().put("label", "owner"),
            true);
    var kinds = List.of("nothing", "call", "read", "scan", "decode", "select");
    var policies =
        Stream.concat(kinds.stream().map(kind -> doing(lists, kind)), Stream.of(get)).toList();
    try (var server = new OperatorServer(HOME, folder, JVM)) {
      var namespaces = namespaces();
      server.cluster().create(namespaces);
      figures.add("namespaces", namespaces.size(), "");
      server.start(policies);
      var review = review();
      var alone = load(server, "nothing", review, "Go, no host call", figures);
      compare(load(server, "call", review, "Go, lists, does not read", figures), alone, figures);
      compare(load(server, "read", review, "Go, lists and reads", figures), alone, figures);
      compare(load(server, "scan", review, "Go, lists and scans", figures), alone, figures);
      compare(load(server, "decode", review, "Go, lists and decodes", figures), alone, figures);
      compare(
          load(server, "select", review, "Go, lists a tenth and decodes", figures), alone, figures);
      changes(server, review, figures);
      figures.add("kept lists", server.metric("warder_context_lists"), "");
      figures.add("  objects", server.metric("warder_context_objects"), "");
      figures.add("  memory", server.metric("warder_context_bytes") / MEBIBYTE, "MiB");
      var nowhere = Review.withoutNamespace(HOME.resolve("bench/review.json"));
      alone = load(server, "get", nowhere, "C, no host call", figures);
      compare(load(server, "get", review, "C, gets one Namespace", figures), alone, figures);
      figures.add("resident memory after it", server.process().residentBytes() / MEBIBYTE, "MiB");
    }
  }

  private BenchPolicy doing(BenchPolicy policy, String kind) {
    var settings = JsonNodeFactory.instance.objectNode().put("do", kind);
    settings.put("expected", Math.ceilDiv(count, TEAMS));
    return policy.named(kind).readingNamespaces(settings);
  }

  /** The review's own Namespace, which belongs to the team of its object, and those to list. */
  private List<Namespace> namespaces() {
    var all = new ArrayList<Namespace>();
    all.add(namespace("shop", "owner", TEAM));
    for (int i = 0; i < count; i++) {
      all.add(namespace("bench-" + i, "team", i % TEAMS == 0 ? TEAM : "team-" + i % TEAMS));
    }
    return all;
  }

  private static Namespace namespace(String name, String label, String value) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(label, value)
        .endMetadata()
        .build();
  }

  /** Milliseconds of the server's CPU per request. */
  private double load(Server server, String policy, byte[] review, String title, Figures figures)
      throws InterruptedException {
    var request = server.endpoint().post(server.path(policy), review);
    var load = Load.of(server.endpoint(), request, clients);
    load.saturate(Duration.ofSeconds(warmUp));
    figures.add(title, clients, "clients");
    var begin = server.process().cpuSeconds();
    var outcome = load.saturate(Duration.ofSeconds(seconds));
    var cpu = server.process().cpuSeconds() - begin;
    figures.add(outcome, cpu);
    return 1000 * cpu / outcome.count();
  }

  /** One of the team's Namespaces leaves it and comes back, again and again. */
  private void changes(OperatorServer server, byte[] review, Figures figures) throws IOException {
    var request = server.endpoint().post(server.path("select"), review);
    var times = new double[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      var back = i % 2 == 1;
      times[i] =
          server
              .cluster()
              .labelAndAwaitSeen(
                  "bench-0", "team", back ? TEAM : "none", back, server.endpoint(), request);
    }
    Arrays.sort(times);
    figures.add("a changed Namespace is seen after", times[CHANGES / 2], "ms");
    figures.add("  at the latest", times[CHANGES - 1], "ms");
  }

  private static void compare(double cpu, double alone, Figures figures) {
    figures.add("  CPU beside that without a host call", cpu / alone, "times");
  }
}
