package dev.warder.policy.host;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class CapabilityListTest {
  private static void assertAllows(List<String> patterns, String... paths) {
    var list = value(CapabilityList.parse(patterns));
    for (var call : CallTable.ALL) {
      assertThat(list.allows(call.operation()))
          .as("%s by %s", call.path(), patterns)
          .isEqualTo(
              call.needs() == CallTable.Needs.NOTHING || List.of(paths).contains(call.path()));
    }
  }

  private static void assertInvalid(String pattern, String... parts) {
    assertThat(CapabilityList.parse(List.of("net/*", pattern)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.failure().reason()).isEqualTo(Reason.HostCapabilityInvalid);
              assertThat(failed.failure().message()).contains(parts).doesNotContain("\n");
            });
  }

  @Example
  void anEmptyListAllowsNothing() {
    assertAllows(List.of());
    assertThat(CapabilityList.NONE).isEqualTo(value(CapabilityList.parse(List.of())));
  }

  @Example
  void oneCallIsNamedExactly() {
    assertAllows(List.of("oci/v1/verify"), "oci/v1/verify");
    assertAllows(List.of("kubernetes/can_i", "oci/v2/verify"), "kubernetes/can_i", "oci/v2/verify");
  }

  @Example
  void aStarAllowsAllBelow() {
    assertAllows(
        List.of("oci/v1/*"),
        "oci/v1/verify",
        "oci/v1/manifest_digest",
        "oci/v1/oci_manifest",
        "oci/v1/oci_manifest_config");
    assertAllows(List.of("oci/v2/*"), "oci/v2/verify");
    assertAllows(
        List.of("kubernetes/*"),
        "kubernetes/list_resources_by_namespace",
        "kubernetes/list_resources_all",
        "kubernetes/get_resource",
        "kubernetes/can_i");
  }

  @Example
  void aStarAnywhereAllowsAllAndNothingElseIsRead() {
    assertThat(value(CapabilityList.parse(List.of("nonsense", "", " * ", "oci/"))))
        .isEqualTo(CapabilityList.ALL);
    assertThat(CapabilityList.ALL.allows("any/thing")).isTrue();
  }

  @Example
  void spaceAroundIsNoPartOfIt() {
    assertThat(value(CapabilityList.parse(List.of("\t oci/v1/verify \n"))).patterns())
        .containsExactly("oci/v1/verify");
  }

  @Example
  void anEmptyPatternIsAnError() {
    assertInvalid("", "there is no \"\"; use one of crypto, kubernetes, net, oci");
    assertInvalid("  ", "there is no \"\"");
  }

  @Example
  void anUnknownPartTellsWhatThereIs() {
    assertInvalid("ocj/v1/verify", "there is no \"ocj\"; use one of crypto, kubernetes, net, oci");
    assertInvalid("oci/v3/*", "there is no \"v3\" in oci; use one of v1, v2");
    assertInvalid("oci/v2/manifest_digest", "no \"manifest_digest\" in oci/v2; use one of verify");
    assertInvalid(
        "kubernetes/list",
        "use one of can_i, get_resource, list_resources_all, list_resources_by_namespace");
    assertInvalid("OCI/*", "there is no \"OCI\"");
    assertInvalid("tracing/log", "there is no \"tracing\"");
    assertInvalid("oci//verify", "there is no \"\" in oci");
    assertInvalid("/oci", "there is no \"\"");
    assertInvalid("oci/v1/", "there is no \"\" in oci/v1");
    assertInvalid("oci/v1/verify/", "nothing: it ends there");
    assertInvalid("oci/v1/ver*", "there is no \"ver*\"");
    assertInvalid("*/v1/verify", "there is no \"*\"");
    assertInvalid("oci/*/verify", "there is no \"*\" in oci");
    assertInvalid("oci/*/*", "there is no \"*\" in oci");
    assertInvalid("**", "there is no \"**\"");
    assertInvalid("/*", "there is no \"\"");
  }

  @Example
  void anInnerPartNeedsAStarAndALastOneHasNone() {
    assertInvalid("oci", "it names several calls; write oci/* for all of them");
    assertInvalid("oci/v1", "write oci/v1/* for all of them");
    assertInvalid("oci/v1/verify/*", "oci/v1/verify is one call; leave out the /*");
  }

  /** What can be written: everything, each call, and each inner part with a star. */
  static List<String> valid() {
    var all = new TreeSet<>(List.of("*"));
    for (var call : CallTable.ALL) {
      if (call.needs() == CallTable.Needs.NOTHING) {
        continue;
      }
      all.add(call.path());
      for (var slash = call.path().indexOf('/');
          slash > 0;
          slash = call.path().indexOf('/', slash + 1)) {
        all.add(call.path().substring(0, slash) + "/*");
      }
    }
    return new ArrayList<>(all);
  }

  @Provide
  Arbitrary<String> patterns() {
    var part = Arbitraries.of("oci", "v1", "v2", "verify", "*", "", "kubernetes", "can_i", "net");
    return Arbitraries.oneOf(
        Arbitraries.of(valid()),
        part.list().ofMaxSize(4).map(parts -> String.join("/", parts)),
        Arbitraries.strings().ofMaxLength(12));
  }

  @Property(tries = 3000)
  void onlyWhatIsValidIsRead(@ForAll("patterns") String pattern) {
    assertThat(CapabilityList.parse(List.of(pattern)) instanceof Outcome.Done)
        .isEqualTo(valid().contains(pattern.strip()));
  }
}
