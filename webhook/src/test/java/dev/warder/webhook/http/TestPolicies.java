package dev.warder.webhook.http;

import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The samples and the hostile modules, taken through the real preparation, once for all tests. */
final class TestPolicies implements AutoCloseable {
  /** Gives the one instance to every test that has a parameter for it. */
  static final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestPolicies.class;
    }

    @Override
    public TestPolicies resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .computeIfAbsent(TestPolicies.class, type -> new TestPolicies(), TestPolicies.class);
    }
  }

  /** For policies that must answer, however busy the machine is. */
  static final EvaluationBudget PATIENT = EvaluationBudget.defaults().withTime(ofSeconds(60));

  private static final Path SAMPLES = Path.of("..", "samples").toAbsolutePath().normalize();
  private static final Path HOSTILE =
      Path.of("..", "policy", "src", "test", "resources", "hostile").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WasiEngine engine = new WasiEngine();
  private final Path work = temporaryDirectory();
  private final ModuleFetcher fetcher =
      new ModuleFetcher(
          new ModuleStore(work.resolve("store")), FetchLimits.defaults(), Sources.none());
  private final PolicyPreparer preparer =
      new PolicyPreparer(fetcher, engine, new SignatureStore(work));
  private final Map<String, PreparedPolicy> prepared = new ConcurrentHashMap<>();

  /** A sample with its good settings. */
  PreparedPolicy sample(String name) {
    return prepared.computeIfAbsent(
        "sample " + name,
        key ->
            prepare(
                SAMPLES.resolve(name).resolve("policy.wasm"),
                json(SAMPLES.resolve(name).resolve("settings/good.json"))));
  }

  /** A module that is good until a request has the word {@code misbehave}. */
  PreparedPolicy hostile(String name) {
    return prepared.computeIfAbsent("hostile " + name, key -> prepare(annotated(name), null));
  }

  /** A request of a sample's folder. */
  static String request(String sample, String name) {
    return read(SAMPLES.resolve(sample).resolve("requests").resolve(name + ".json"));
  }

  private PreparedPolicy prepare(Path module, @Nullable JsonNode settings) {
    var request =
        new PreparationRequest(
            "file://" + module, settings, PATIENT, Optional.empty(), Requirement.NONE);
    return switch (preparer.prepare(request, step -> {})) {
      case Outcome.Done<PreparedPolicy>(var policy) -> policy;
      case Outcome.Failed<PreparedPolicy>(var failure) -> throw new AssertionError(failure);
    };
  }

  private Path annotated(String name) {
    var metadata =
        PolicyMetadataReader.parseYaml(
            "{rules: [], mutating: false, executionMode: wasi, policyType: kubernetes}");
    try {
      var module = Files.readAllBytes(HOSTILE.resolve(name + ".wasm"));
      return switch (metadata.then(described -> MetadataWriter.annotate(module, described))) {
        case Outcome.Done<byte[]>(var bytes) -> Files.write(work.resolve(name + ".wasm"), bytes);
        case Outcome.Failed<byte[]>(var failure) -> throw new AssertionError(failure);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(read(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("test-policies");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    fetcher.close();
    engine.close();
    try (var files = Files.walk(work)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
