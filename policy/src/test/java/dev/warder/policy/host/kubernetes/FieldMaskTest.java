package dev.warder.policy.host.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnreadableJsonException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class FieldMaskTest {
  private static final Set<String> ALWAYS = Set.of("apiVersion", "kind", "metadata");
  private static final List<String> NAMES =
      List.of("apiVersion", "kind", "metadata", "spec", "a", "b", "");

  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"name": "n", "labels": {"spec": "1", "a.b": "2"}},
       "spec": {"containers": [{"name": "c", "image": "i", "ports": [{"port": 1, "name": "p"}]},
                               {"name": "d"}],
                "nodeName": "node", "a.b": 1},
       "status": {"phase": "Running"}}""";

  private static String pruned(String... paths) {
    try {
      var object = (ObjectNode) Json.read(POD);
      FieldMask.of(FieldMask.normal(List.of(paths))).prune(object);
      object.remove(List.of("apiVersion", "kind", "metadata"));
      return object.toString();
    } catch (UnreadableJsonException | ReadFailedException e) {
      throw new AssertionError(e);
    }
  }

  @Example
  void withoutPathsEverythingIsKept() {
    assertThat(pruned()).contains("nodeName", "phase", "ports");
  }

  @Example
  void aPathToAnInnerMemberKeepsAllBelow() {
    assertThat(pruned("status")).isEqualTo("{\"status\":{\"phase\":\"Running\"}}");
    assertThat(pruned("spec.containers.ports"))
        .isEqualTo("{\"spec\":{\"containers\":[{\"ports\":[{\"port\":1,\"name\":\"p\"}]},{}]}}");
  }

  @Example
  void listsAreAsIfTheyWereNotThere() {
    assertThat(pruned("spec.containers.name", "spec.containers.ports.port"))
        .isEqualTo(
            "{\"spec\":{\"containers\":[{\"name\":\"c\",\"ports\":[{\"port\":1}]},{\"name\":\"d\"}]}}");
  }

  @Example
  void aShorterPathWinsWhereverItIs() {
    var both = pruned("spec.nodeName", "spec");
    assertThat(pruned("spec", "spec.nodeName", "spec")).isEqualTo(both);
    assertThat(both).isEqualTo(pruned("spec"));
    assertThat(pruned("spec.nodeName.deeper", "spec-x")).contains("\"nodeName\":\"node\"");
  }

  @Example
  void whatEveryObjectHasIsNeverTouched() throws Exception {
    var object = (ObjectNode) Json.read(POD);
    FieldMask.of(FieldMask.normal(List.of("metadata.name", "kind.x", "none"))).prune(object);
    var whole = (ObjectNode) Json.read(POD);
    assertThat(object).isEqualTo(whole.retain(ALWAYS));
  }

  @Example
  void namesWithDotsCannotBeNamed() {
    assertThat(pruned("spec.a.b")).isEqualTo("{\"spec\":{}}");
  }

  @Example
  void pathsAreOrderedAndEachThereOnce() throws Exception {
    assertThat(FieldMask.normal(List.of("b", "a.c", "a", "b"))).containsExactly("a", "a.c", "b");
  }

  @Example
  void tooMuchIsRefused() throws Exception {
    var many = Collections.nCopies(256, "a");
    assertThat(FieldMask.normal(many)).containsExactly("a");
    assertRefused(Collections.nCopies(257, "a"));
    assertRefused(List.of(""));
    assertThat(FieldMask.normal(List.of("a".repeat(1024)))).hasSize(1);
    assertRefused(List.of("a".repeat(1025)));
    assertThat(FieldMask.normal(List.of("a.".repeat(63) + "a"))).hasSize(1);
    assertRefused(List.of("a.".repeat(64) + "a"));
  }

  private static void assertRefused(List<String> paths) {
    assertThatThrownBy(() -> FieldMask.normal(paths))
        .isInstanceOf(ReadFailedException.class)
        .hasMessageContaining("field");
  }

  @Provide
  Arbitrary<ObjectNode> objects() {
    var leaves =
        Arbitraries.<JsonNode>of(
            JsonNodeFactory.instance.numberNode(1),
            JsonNodeFactory.instance.textNode("a"),
            JsonNodeFactory.instance.nullNode());
    var values =
        Arbitraries.recursive(
            () -> leaves,
            below -> Arbitraries.oneOf(object(below).map(it -> it), list(below), leaves),
            0,
            4);
    return object(values);
  }

  private static Arbitrary<ObjectNode> object(Arbitrary<JsonNode> values) {
    return Arbitraries.maps(Arbitraries.of(NAMES), values)
        .ofMaxSize(4)
        .map(
            members -> {
              var object = Json.object();
              members.forEach(object::set);
              return object;
            });
  }

  private static Arbitrary<JsonNode> list(Arbitrary<JsonNode> values) {
    return values
        .list()
        .ofMaxSize(3)
        .map(elements -> JsonNodeFactory.instance.arrayNode().addAll(elements));
  }

  @Provide
  Arbitrary<List<String>> masks() {
    var path =
        Combinators.combine(
                Arbitraries.of("spec", "a", "b", "metadata"),
                Arbitraries.of(NAMES).list().ofMaxSize(3))
            .as(
                (first, rest) -> {
                  var all = new ArrayList<>(List.of(first));
                  all.addAll(rest);
                  return String.join(".", all);
                });
    return path.list().ofMaxSize(4);
  }

  @Property(tries = 3000)
  void pruningIsAsDescribed(
      @ForAll("objects") ObjectNode object, @ForAll("masks") List<String> paths)
      throws ReadFailedException {
    var mask = FieldMask.of(FieldMask.normal(paths));
    var once = object.deepCopy();
    mask.prune(once);
    assertThat(once).isEqualTo(expected(object, paths));
    assertNothingAdded(object, once);
    for (var name : ALWAYS) {
      assertThat(once.path(name)).isEqualTo(object.path(name));
    }
    var twice = once.deepCopy();
    mask.prune(twice);
    assertThat(twice).isEqualTo(once);
  }

  /** Member by member: kept if it is on the way to what a path names, or below it. */
  private static JsonNode expected(ObjectNode object, Collection<String> paths) {
    var kept = Json.object();
    for (var member : object.properties()) {
      if (ALWAYS.contains(member.getKey()) || paths.isEmpty()) {
        kept.set(member.getKey(), member.getValue());
      } else if (isKept(member.getKey(), paths)) {
        kept.set(member.getKey(), expected(member.getValue(), member.getKey(), paths));
      }
    }
    return kept;
  }

  private static JsonNode expected(JsonNode value, String at, Collection<String> paths) {
    if (value instanceof ArrayNode array) {
      var kept = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> kept.add(expected(element, at, paths)));
      return kept;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    var kept = Json.object();
    for (var member : object.properties()) {
      var path = at + "." + member.getKey();
      if (isKept(path, paths)) {
        kept.set(member.getKey(), expected(member.getValue(), path, paths));
      }
    }
    return kept;
  }

  private static boolean isKept(String at, Collection<String> paths) {
    return paths.stream()
        .anyMatch(
            path -> path.equals(at) || path.startsWith(at + ".") || at.startsWith(path + "."));
  }

  private static void assertNothingAdded(JsonNode before, JsonNode after) {
    if (after instanceof ObjectNode object) {
      for (var member : object.properties()) {
        assertThat(before.has(member.getKey())).isTrue();
        assertNothingAdded(before.path(member.getKey()), member.getValue());
      }
    } else if (after instanceof ArrayNode array) {
      assertThat(before).hasSameSizeAs(array);
      for (var i = 0; i < array.size(); i++) {
        assertNothingAdded(before.path(i), array.get(i));
      }
    } else {
      assertThat(after).isEqualTo(before);
    }
  }
}
