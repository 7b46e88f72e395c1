package dev.warder.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.host.Grants;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PoliciesFileTest {
  private static final String FULL =
      """
      clusterwide-full:
        namespacedName: {Namespace: "", Name: full}
        module: registry://ghcr.io/kubewarden/policies/full:v1
        policyMode: monitor
        allowedToMutate: true
        settings: {labels: {owner: yes, count: 0o17, ratio: 1.50, none: ~}, list: [1, two]}
        contextAwareResources: [{apiVersion: v1, kind: Namespace}]
        message: ask somebody
        timeoutEvalSeconds: 5
        hostCapabilities: ["oci/*"]
      """;

  @Test
  void readsEveryFieldOfAPolicy() throws Exception {
    var policy = policy(FULL);

    assertThat(policy.id()).isEqualTo("clusterwide-full");
    assertThat(policy.wanted().module())
        .isEqualTo("registry://ghcr.io/kubewarden/policies/full:v1");
    assertThat(policy.rules().mode()).isEqualTo(PolicyMode.MONITOR);
    assertThat(policy.rules().allowedToMutate()).isTrue();
    assertThat(policy.rules().message()).contains("ask somebody");
    assertThat(policy.rules().policyId()).isEqualTo("clusterwide-full");
    assertThat(policy.wanted().timeout()).contains(Duration.ofSeconds(5));
    assertThat(policy.wanted().grants()).isNotEqualTo(Grants.NONE);
    assertThat(policy.wanted().settings().toString())
        .isEqualTo(
            "{\"labels\":{\"owner\":\"yes\",\"count\":15,\"ratio\":1.50,\"none\":null},"
                + "\"list\":[1,\"two\"]}");
  }

  @Test
  void whatIsAbsentHasTheDefaultsOfPolicyServer() {
    var policy = policy("a: {module: 'file:///a.wasm'}");

    assertThat(policy.rules().mode()).isEqualTo(PolicyMode.PROTECT);
    assertThat(policy.rules().allowedToMutate()).isFalse();
    assertThat(policy.rules().message()).isEmpty();
    assertThat(policy.wanted().timeout()).isEmpty();
    assertThat(policy.wanted().settings().isNull()).isTrue();
    assertThat(policy.wanted().grants()).isEqualTo(Grants.NONE);
  }

  @Test
  void jsonIsYaml() {
    assertThat(policy("{\"a\": {\"module\": \"x\", \"message\": null}}").id()).isEqualTo("a");
  }

  @Test
  void anEntryWithModuleIsAPolicyAndOneWithPoliciesAGroup() {
    var entries =
        entries(
            """
            both: {module: x, policies: {}}
            group:
              expression: a()
              message: no
              policies: {a: {module: x}}
            """);

    assertThat(entries.get(0)).isInstanceOf(Entry.Policy.class);
    assertThat(entries.get(1))
        .isInstanceOfSatisfying(
            Entry.Refused.class,
            group -> assertThat(group.failure().reason()).isEqualTo(Reason.PolicyGroupUnsupported));
  }

  @Test
  void anAnchorIsUsedWhereItsAliasStands() {
    var entries = entries("a: {module: x, settings: &s {b: 1}}\nb: {module: x, settings: *s}\n");

    assertThat(entries)
        .extracting(entry -> ((Entry.Policy) entry).wanted().settings().toString())
        .containsExactly("{\"b\":1}", "{\"b\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "module: 1 | line 4, column 11: module must be a text",
        "module: ~ | module is empty",
        "policyMode: strict | line 4, column 15: policyMode must be protect or monitor",
        "policyMode: PROTECT | policyMode must be protect or monitor",
        "allowedToMutate: 'yes' | line 4, column 20: allowedToMutate must be true or false",
        "settings: [] | line 4, column 13: settings must be a map",
        "settings: {a: 1, a: 2} | line 4, column 20: the name \"a\" occurs twice",
        "settings: {a: .inf} | JSON has no number for this",
        "settings: {a: !binary x} | the tag !binary has no meaning here",
        "message: {} | message must be a text",
        "timeoutEvalSeconds: 0 | whole number of seconds, at least 1",
        "timeoutEvalSeconds: -1 | whole number of seconds, at least 1",
        "timeoutEvalSeconds: 1.5 | whole number of seconds, at least 1",
        "timeoutEvalSeconds: '1' | whole number of seconds, at least 1",
        "contextAwareResources: x | contextAwareResources must be a list",
        "contextAwareResources: [{kind: Pod}] | apiVersion is missing",
        "hostCapabilities: [1] | an element of hostCapabilities must be a text"
      })
  void whatIsWrongInAnEntryRefusesThatEntryOnly(String line, String why) {
    var module = line.startsWith("module") ? "message: m" : "module: x";
    var entries = entries("good: {module: x}\nbad:\n  " + module + "\n  " + line + "\n");

    assertThat(entries.get(0)).isInstanceOf(Entry.Policy.class);
    var refused = (Entry.Refused) entries.get(1);
    assertThat(refused.id()).isEqualTo("bad");
    assertThat(refused.failure().reason()).isEqualTo(Reason.PolicyEntryInvalid);
    assertThat(refused.failure().message()).contains(why).doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a b", "..", "ä"})
  void anIdMustFitIntoAUrl(String id) {
    assertThat(entries("\"" + id + "\": {module: x}"))
        .singleElement()
        .isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aHugeTimeoutIsADay() {
    var huge = policy("a: {module: x, timeoutEvalSeconds: 18446744073709551615}");

    assertThat(huge.wanted().timeout()).contains(Duration.ofDays(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the document is empty",
        "'[]' | line 1, column 1: the file must be a map",
        "'a: {module: x' | line 1, column",
        "'a: {module: x}\na: {module: y}' | line 2, column 1: the name \"a\" occurs twice",
        "'a: {module: x}\n---\nb: {}' | line 2",
        "'a: *nowhere' | undefined alias",
        "'? [a]\n: {module: x}' | Non scalar key"
      })
  void aFileThatIsNoMapFailsAsAWhole(String file, String why) {
    var failure = failure(file.getBytes(StandardCharsets.UTF_8));

    assertThat(failure.reason()).isEqualTo(Reason.PoliciesFileInvalid);
    assertThat(failure.message()).contains(why);
  }

  @Test
  void aFileThatIsNotUtf8FailsAsAWhole() {
    assertThat(failure(new byte[] {'a', ':', ' ', (byte) 0xff}).message()).contains("UTF-8");
  }

  @Test
  void aliasesOfAliasesDoNotFillTheMemory() {
    var bomb = new StringBuilder("a0: &a0 {module: x, settings: {b: [1,1,1,1,1,1,1,1,1,1]}}\n");
    for (var i = 1; i < 12; i++) {
      var alias = ("*a" + (i - 1) + " ,").repeat(10);
      bomb.append("a%d: &a%d {module: x, settings: {b: [%s]}}\n".formatted(i, i, alias));
    }
    var file = bomb.toString().getBytes(StandardCharsets.UTF_8);

    assertThat(refusalsOf(PoliciesFile.parse(file))).isPositive();
  }

  @Test
  void aLoopOfAliasesEnds() {
    var file = "a: {module: x, settings: &s {again: *s}}".getBytes(StandardCharsets.UTF_8);

    assertThat(refusalsOf(PoliciesFile.parse(file))).isPositive();
  }

  @Property(tries = 300)
  void whateverTheFileIsItIsReadOrRefused(@ForAll byte[] file) {
    assertThat(PoliciesFile.parse(file)).isNotNull();
  }

  @Property(tries = 500)
  void aDamagedFileIsReadOrRefusedWithAReason(
      @ForAll @IntRange(max = 400) int at, @ForAll @IntRange(min = 32, max = 126) int character) {
    var file = FULL.getBytes(StandardCharsets.UTF_8);
    file[at % file.length] = (byte) character;

    if (PoliciesFile.parse(file) instanceof Outcome.Failed<List<Entry>>(var failure)) {
      assertThat(failure.reason()).isEqualTo(Reason.PoliciesFileInvalid);
      assertThat(failure.message()).isNotBlank().doesNotContain("\n");
    }
  }

  @Property(tries = 100)
  void settingsComeThroughAsTheyAre(
      @ForAll @AlphaChars String key, @ForAll int number, @ForAll boolean flag) throws Exception {
    var json = new JsonMapper();
    var settings = json.createObjectNode().put("n", number).put("f", flag).put("k", key);
    var file =
        json.writeValueAsBytes(
            json.createObjectNode()
                .set("a", json.createObjectNode().put("module", "x").set("settings", settings)));

    assertThat(policy(new String(file, StandardCharsets.UTF_8)).wanted().settings())
        .hasToString(settings.toString());
  }

  private static int refusalsOf(Outcome<List<Entry>> outcome) {
    return switch (outcome) {
      case Outcome.Failed<List<Entry>> _ -> 1;
      case Outcome.Done<List<Entry>>(var entries) ->
          (int) entries.stream().filter(Entry.Refused.class::isInstance).count();
    };
  }

  private static Entry.Policy policy(String file) {
    return Optional.of(entries(file).getFirst()).map(Entry.Policy.class::cast).orElseThrow();
  }

  private static List<Entry> entries(String file) {
    return switch (PoliciesFile.parse(file.getBytes(StandardCharsets.UTF_8))) {
      case Outcome.Done<List<Entry>>(var entries) -> entries;
      case Outcome.Failed<List<Entry>>(var failure) -> throw new AssertionError(failure);
    };
  }

  private static Failure failure(byte[] file) {
    return switch (PoliciesFile.parse(file)) {
      case Outcome.Done<List<Entry>>(var entries) -> throw new AssertionError(entries);
      case Outcome.Failed<List<Entry>>(var failure) -> failure;
    };
  }
}
