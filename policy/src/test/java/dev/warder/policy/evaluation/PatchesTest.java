package dev.warder.policy.evaluation;

import static dev.warder.policy.evaluation.AdmissionReviewFixtures.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.warder.policy.json.Json;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatchesTest {
  @Provide
  Arbitrary<JsonNode> documents() {
    return JsonArbitraries.documents();
  }

  @Property(tries = 5000)
  void leadFromAnyDocumentToAnyOther(
      @ForAll("documents") JsonNode before, @ForAll("documents") JsonNode after) {
    var operations = Patches.operations(before, after);

    assertThat(Numbers.canonical(ApiServerPatch.apply(before, operations)))
        .isEqualTo(Numbers.canonical(after));
  }

  @Property
  void areEmptyForTheSameDocument(@ForAll("documents") JsonNode document) {
    assertThat(Patches.between(document, document.deepCopy())).isEmpty();
  }

  @Property
  void surviveTheirOwnText(
      @ForAll("documents") JsonNode before, @ForAll("documents") JsonNode after) {
    var text = Patches.between(before, after).orElse("[]");

    assertThat(Numbers.canonical(ApiServerPatch.apply(before, tree(text))))
        .isEqualTo(Numbers.canonical(after));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|1.0",
        "1|10e-1",
        "1.50|1.5",
        "0|-0.0",
        "0|0e-5",
        "100|1E2",
        "1E+999999999|10E+999999998",
        "9223372036854775808|9223372036854775808.000",
        "{\"a\":[1,{\"b\":2.0}]}|{\"a\":[1.0,{\"b\":2}]}"
      })
  void doNotTellEqualNumbersApart(String before, String after) {
    assertThat(Patches.between(tree(before), tree(after))).isEmpty();
    assertThat(Patches.between(tree(after), tree(before))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':1}|{'a':1.5}|[{'op':'replace','path':'/a','value':1.5}]",
        "{'a':9223372036854775807}|{'a':9223372036854775808}"
            + "|[{'op':'replace','path':'/a','value':9223372036854775808}]",
        "{'a':1}|{'a':'1'}|[{'op':'replace','path':'/a','value':'1'}]",
        "{'a':1}|{'a':null}|[{'op':'replace','path':'/a','value':null}]",
        "{'a':null}|{}|[{'op':'remove','path':'/a'}]",
        "{}|{'a':null}|[{'op':'add','path':'/a','value':null}]",
        "{'':{'/':1}}|{'':{'/':2}}|[{'op':'replace','path':'//~1','value':2}]",
        "{'~':1}|{'~1':1}|[{'op':'remove','path':'/~0'},{'op':'add','path':'/~01','value':1}]",
        "[1,2,3]|[1,3]|[{'op':'remove','path':'/1'}]",
        "[1,3]|[1,2,3]|[{'op':'add','path':'/1','value':2}]",
        "[1]|[1,2]|[{'op':'add','path':'/1','value':2}]",
        "[{'a':1,'b':2},{'c':3}]|[{'a':1,'b':4},{'c':3}]"
            + "|[{'op':'replace','path':'/0/b','value':4}]",
        "{'a':1}|[1]|[{'op':'replace','path':'','value':[1]}]"
      })
  void areAsSmallAsTheChange(String before, String after, String patch) {
    assertThat(Patches.between(json(before), json(after))).contains(patch.replace('\'', '"'));
  }

  @Test
  void replaceAListWholeThatIsTooLongToCompare() {
    var before = Json.object();
    var after = Json.object();
    shuffled(before.putObject("a~/b").putArray("list"), 1);
    shuffled(after.putObject("a~/b").putArray("list"), 2);
    before.put("other", 1);
    after.put("more", 2);

    var operations = Patches.operations(before, after);

    assertThat(operations.findValuesAsText("path"))
        .containsExactly("/other", "/more", "/a~0~1b/list");
    assertThat(ApiServerPatch.apply(before, operations)).isEqualTo(after);
  }

  @Test
  void replaceAListWholeWhenManyListsAreLong() {
    var before = Json.object();
    var after = Json.object();
    for (var i = 0; i < 100; i++) {
      for (var j = 0; j < 1500; j++) {
        before.withArray("/l" + i).add(j);
        after.withArray("/l" + i).add(j + 1);
      }
    }

    var operations = Patches.operations(before, after);

    // Each list alone is short enough; together they use the work up.
    assertThat(operations.findValuesAsText("path")).contains("/l0/0").contains("/l99");
    assertThat(ApiServerPatch.apply(before, operations)).isEqualTo(after);
  }

  @Test
  void compareListsOfARealSizeInDetail() {
    var before = Json.object();
    for (var i = 0; i < 200; i++) {
      var container = before.withArray("/containers").addObject();
      container.put("name", "c" + i);
      for (var j = 0; j < 10; j++) {
        container.withArray("/env").addObject().put("name", "e" + j).put("value", "v");
      }
    }
    var after = before.deepCopy();
    after.withObject("/containers/150").put("image", "new");

    assertThat(Patches.operations(before, after).findValuesAsText("path"))
        .containsExactly("/containers/150/image");
  }

  @Test
  void replaceAnObjectWholeWhenThePathsWouldOutweighIt() {
    var before = Json.object();
    var after = Json.object();
    var name = "k".repeat(100_000);
    for (var i = 0; i < 1000; i++) {
      before.withObject("/outer/" + name).put("m" + i, 1);
      after.withObject("/outer/" + name).put("m" + i, 2);
    }

    var operations = Patches.operations(before, after);

    assertThat(operations.findValuesAsText("path")).containsExactly("/outer/" + name);
    assertThat(ApiServerPatch.apply(before, operations)).isEqualTo(after);
  }

  @Test
  void replaceWhatIsNestedDeeplyInOnePiece() {
    var before = nested(Json.MAX_DEPTH - 5, "1");
    var after = nested(Json.MAX_DEPTH - 5, "2");

    var operations = Patches.operations(before, after);

    assertThat(operations).hasSize(1);
    assertThat(operations.get(0).path("path").textValue()).isEqualTo("/a".repeat(64));
    assertThat(ApiServerPatch.apply(before, operations)).isEqualTo(after);
  }

  private static JsonNode nested(int depth, String leaf) {
    return tree("{\"a\":".repeat(depth) + leaf + "}".repeat(depth));
  }

  private static void shuffled(ArrayNode list, long seed) {
    new Random(seed).ints(50_000, 0, 1000).forEach(list::add);
  }

  private static JsonNode json(String quotedWithApostrophes) {
    return tree(quotedWithApostrophes.replace('\'', '"'));
  }
}
