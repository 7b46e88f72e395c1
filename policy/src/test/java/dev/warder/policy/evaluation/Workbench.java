package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.text;
import static dev.warder.policy.evaluation.AdmissionReviewFixtures.tree;
import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.metadata.ExecutionMode;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.metadata.PolicyType;
import dev.warder.policy.metadata.Rule;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.verify.ModuleVerifier;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A preparer with its own store and engine, and a guest thread to judge on. */
final class Workbench implements AutoCloseable {
  /** So much time that only a broken engine uses it up. */
  static final EvaluationBudget AMPLE = EvaluationBudget.defaults().withTime(Duration.ofMinutes(2));

  /** For what is meant to use up its time. */
  static final EvaluationBudget BRIEF =
      EvaluationBudget.defaults().withTime(Duration.ofMillis(200));

  private static final Path SAMPLES = Path.of("..", "samples");

  private final Path folder;
  private final ModuleFetcher fetcher;
  private final WasiEngine engine = new WasiEngine();
  private final ExecutorService guests =
      Executors.newSingleThreadExecutor(GuestThreads.factory("test-guest"));
  private final ModuleVerifier verifier;
  private final PolicyPreparer preparer;

  Workbench(Path folder) {
    this.folder = folder;
    this.fetcher =
        new ModuleFetcher(
            new ModuleStore(folder.resolve("store")), FetchLimits.defaults(), Sources.none());
    var signatures = new SignatureStore(folder.resolve("store"));
    this.verifier = new ModuleVerifier(fetcher::repository, signatures);
    this.preparer = new PolicyPreparer(fetcher, engine, signatures);
  }

  PolicyPreparer preparer() {
    return preparer;
  }

  Outcome<PreparedPolicy> prepare(PreparationRequest request) {
    return preparer.prepare(request, StepListener.NONE);
  }

  PolicyAnswer evaluate(PreparedPolicy policy, ValidationRequest request, EvaluationBudget budget) {
    try {
      return guests.submit(() -> policy.evaluate(request, budget)).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A module that means harm, with the metadata that it lacks. */
  PreparationRequest hostile(String module, EvaluationBudget budget) {
    var file = folder.resolve(module + ".wasm");
    write(file, value(MetadataWriter.annotate(hostileModule(module), metadata())));
    return request(file, null, budget);
  }

  /** The same, as far as the engine needs it. */
  DescribedModule described(String module) {
    return value(
        ModuleReferences.parse(hostile(module, AMPLE).module())
            .then(fetcher::fetch)
            .then(fetched -> verifier.verify(fetched, Requirement.NONE))
            .then(PolicyMetadataReader::describe));
  }

  static PreparationRequest sample(String sample, String settings) {
    return request(sampleModule(sample), sampleSettings(sample, settings), AMPLE);
  }

  static Path sampleModule(String sample) {
    return SAMPLES.resolve(sample).resolve("policy.wasm");
  }

  static JsonNode sampleSettings(String sample, String name) {
    var file = SAMPLES.resolve(sample).resolve("settings").resolve(name + ".json");
    return tree(text(read(file)));
  }

  static ValidationRequest sampleRequest(PreparedPolicy policy, String sample, String name) {
    var json = read(SAMPLES.resolve(sample).resolve("requests").resolve(name + ".json"));
    var decoded =
        policy.metadata().policyType() == PolicyType.RAW
            ? AdmissionReviews.decodeRawRequest(json)
            : AdmissionReviews.decodeRequest(json);
    assertThat(decoded).isInstanceOf(Decoded.Request.class);
    return ((Decoded.Request) decoded).request();
  }

  static PreparationRequest request(
      Path file, @Nullable JsonNode settings, EvaluationBudget budget) {
    var reference = "file://" + file.toAbsolutePath().normalize();
    return new PreparationRequest(reference, settings, budget, Optional.empty(), Requirement.NONE);
  }

  static byte[] hostileModule(String module) {
    return read(Path.of("src", "test", "resources", "hostile", module + ".wasm"));
  }

  private static PolicyMetadata metadata() {
    var rule = new Rule(List.of(""), List.of("v1"), List.of("pods"), List.of("CREATE"));
    return new PolicyMetadata(
        Optional.empty(),
        List.of(rule),
        Collections.emptySortedMap(),
        false,
        true,
        ExecutionMode.WASI,
        PolicyType.KUBERNETES,
        Collections.emptySortedSet(),
        Collections.emptySortedSet(),
        Optional.empty());
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    guests.shutdownNow();
    fetcher.close();
    engine.close();
  }
}
