package dev.warder.policy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.WasiEngine;
import dev.warder.policy.wasi.golang.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.Tuple;

/**
 * The samples before and after pre-initialisation, on made-up requests. The system property {@code
 * warder.differential.requests} says how many there are per sample.
 */
final class PreinitialisedSamplesIT {
  private static final Path SAMPLES = Path.of("..", "samples");
  private static final int REQUESTS = Integer.getInteger("warder.differential.requests", 150);
  private static final JsonMapper JSON = new JsonMapper();

  @Example
  void requiredLabelsAnswersAlike() throws Exception {
    bothAnswerAlike("required-labels");
  }

  @Example
  void podDefaultsAnswersAlike() throws Exception {
    bothAnswerAlike("pod-defaults");
  }

  @Example
  void rawQuotaAnswersAlike() throws Exception {
    bothAnswerAlike("raw-quota");
  }

  private static void bothAnswerAlike(String sample) throws Exception {
    var module = Files.readAllBytes(SAMPLES.resolve(sample).resolve("policy.wasm"));
    var settings = json(sample, "settings");
    var generator = inputs(sample).generator(100);
    var random = new Random(REQUESTS);
    // Here, as jqwik makes values only on its own threads.
    var inputs = Stream.generate(() -> generator.next(random).value()).limit(REQUESTS).toList();
    try (var engine = new WasiEngine()) {
      var both = Preinitialised.of(engine, module);
      Preinitialised.onGuestThread(
          () -> {
            for (var document : settings) {
              both.compare(Command.VALIDATE_SETTINGS, document.toString());
            }
            inputs.forEach(input -> both.compare(Command.VALIDATE, input));
          });
    }
  }

  @Example
  void aCModuleIsRefused() throws Exception {
    var module = Files.readAllBytes(SAMPLES.resolve("no-latest-tag").resolve("policy.wasm"));
    assertThat(Preinitialised.attempt(module))
        .isInstanceOfSatisfying(
            Attempt.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .asString()
                    .startsWith("the module is not as Go's compiler makes them"));
  }

  /** The sample's own inputs with parts replaced by other documents, and texts that are no JSON. */
  private static Arbitrary<String> inputs(String sample) throws IOException {
    var given =
        Combinators.combine(
                Arbitraries.of(json(sample, "requests")), Arbitraries.of(json(sample, "settings")))
            .as(PreinitialisedSamplesIT::input);
    var place = Arbitraries.integers().between(0, 60);
    var document = Arbitraries.oneOf(JsonArbitraries.documents(), texts());
    var changed = Combinators.combine(given, place, document).as(PreinitialisedSamplesIT::replaced);
    var twice = Combinators.combine(changed, place, document).as(PreinitialisedSamplesIT::replaced);
    var any =
        Combinators.combine(JsonArbitraries.documents(), JsonArbitraries.documents())
            .as(PreinitialisedSamplesIT::input);
    return Arbitraries.frequencyOf(
        Tuple.of(3, given.map(JsonNode::toString)),
        Tuple.of(5, changed.map(JsonNode::toString)),
        Tuple.of(5, twice.map(JsonNode::toString)),
        Tuple.of(2, any.map(JsonNode::toString)),
        Tuple.of(1, Arbitraries.strings().ofMaxLength(50)));
  }

  private static JsonNode input(JsonNode request, JsonNode settings) {
    return Json.object().<ObjectNode>set("request", request).set("settings", settings);
  }

  private static Arbitrary<JsonNode> texts() {
    return Arbitraries.strings()
        .ofMaxLength(40)
        .flatMap(text -> Arbitraries.of(1, 1, 1, 500).map(text::repeat))
        .map(text -> JSON.getNodeFactory().textNode(text.replaceAll("[\\ud800-\\udfff]", "?")));
  }

  /** The document with the value that comes at this place in a walk replaced by another. */
  private static JsonNode replaced(JsonNode document, int place, JsonNode other) {
    return replace(document.deepCopy(), new int[] {place}, other);
  }

  private static JsonNode replace(JsonNode node, int[] at, JsonNode other) {
    if (at[0]-- == 0) {
      return other;
    }
    if (node instanceof ObjectNode object) {
      for (var member : object.properties()) {
        member.setValue(replace(member.getValue(), at, other));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, replace(array.get(i), at, other));
      }
    }
    return node;
  }

  private static JsonNode[] json(String sample, String folder) throws IOException {
    try (var files = Files.list(SAMPLES.resolve(sample).resolve(folder))) {
      var found = files.sorted().toList();
      var documents = new JsonNode[found.size()];
      for (int i = 0; i < documents.length; i++) {
        documents[i] = JSON.readTree(found.get(i).toFile());
      }
      return documents;
    }
  }
}
