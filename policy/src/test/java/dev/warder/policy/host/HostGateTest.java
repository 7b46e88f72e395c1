package dev.warder.policy.host;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.HostCall;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostGateTest {
  private static final ContextAwareResource PODS = new ContextAwareResource("v1", "Pod");

  private final RecordingBackend backend = new RecordingBackend();
  private final CallCounts counts = new CallCounts();

  private Reply ask(Grants grants, String binding, String namespace, String name, byte[] payload) {
    var gate = new HostGate(backend, grants, counts, "clusterwide-it", "uid");
    return (Reply) gate.ask(new HostCall(binding, namespace, name, payload));
  }

  private Reply ask(Grants grants, String namespace, String name, String payload) {
    return ask(grants, "kubewarden", namespace, name, payload.getBytes(StandardCharsets.UTF_8));
  }

  private static Grants grants(List<String> capabilities, ContextAwareResource... kinds) {
    return new Grants(value(CapabilityList.parse(capabilities)), Set.of(kinds));
  }

  private static String text(Reply reply) {
    return new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  private void assertRefused(Reply reply, String... parts) {
    assertThat(reply.granted()).isFalse();
    assertThat(text(reply)).contains(parts);
    assertThat(backend.called).isEmpty();
  }

  @Test
  void everyOperationHasARuleInThisTest() {
    assertThat(CallTable.ALL.stream().map(CallTable::operation))
        .containsExactlyInAnyOrder(HostOperation.values());
    for (var one : CallTable.ALL) {
      assertThat(one.operation().path()).isEqualTo(one.path());
      assertThat(one.operation().rule()).hasToString(rule(one.needs()));
    }
  }

  private static String rule(CallTable.Needs needs) {
    return needs == CallTable.Needs.NOTHING ? "ALWAYS" : needs.name();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOG")
  void withoutACapabilityNothingIsCarriedOut(HostOperation operation) {
    var call = CallTable.of(operation);
    assertRefused(
        ask(new Grants(CapabilityList.NONE, Set.of(PODS)), call.namespace(), call.name(), "{}"),
        "Policy clusterwide-it has not been granted access to",
        "the \"" + call.path() + "\" host capability",
        "The violation has been reported");
    assertThat(counts.violations()).isOne();
    assertThat(counts.calls(operation)).isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOG")
  void withItsCapabilityAloneItIsCarriedOut(HostOperation operation) {
    var call = CallTable.of(operation);
    var reply =
        ask(grants(List.of(call.path()), PODS), call.namespace(), call.name(), call.payload());
    assertThat(text(reply)).isEqualTo(RecordingBackend.ANSWER);
    assertThat(reply.granted()).isTrue();
    assertThat(backend.called).containsExactly(operation);
    assertThat(counts.calls(operation)).isOne();
    assertThat(counts.violations()).isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOG")
  void theCapabilitiesOfAllOthersDoNotHelp(HostOperation operation) {
    var others =
        CallTable.ALL.stream()
            .filter(one -> one.operation() != operation && one.needs() != CallTable.Needs.NOTHING)
            .map(CallTable::path)
            .toList();
    var call = CallTable.of(operation);
    assertRefused(
        ask(grants(others, PODS), call.namespace(), call.name(), call.payload()),
        "has not been granted access to");
  }

  @ParameterizedTest
  @EnumSource
  void kindsAreGrantedExactly(HostOperation operation) {
    var call = CallTable.of(operation);
    if (call.needs() != CallTable.Needs.CAPABILITY_AND_KIND) {
      assertThat(call.payload()).doesNotContain("api_version");
      return;
    }
    for (var kind :
        List.of(
            new ContextAwareResource("v1", "pod"),
            new ContextAwareResource("V1", "Pod"),
            new ContextAwareResource("v1", "Pod "),
            new ContextAwareResource("v1", "Secret"),
            new ContextAwareResource("*", "*"),
            new ContextAwareResource("apps/v1", "Pod"))) {
      assertRefused(
          ask(grants(List.of("*"), kind), call.namespace(), call.name(), call.payload()),
          "has not been granted access to Kubernetes v1/Pod resources");
    }
    assertThat(counts.violations()).isEqualTo(6);
  }

  @Test
  void theBindingComesFirst() {
    assertThat(text(ask(Grants.NONE, "other", "tracing", "log", new byte[0])))
        .isEqualTo("unknown binding: other");
    assertRefused(ask(Grants.NONE, "", "oci", "v1/verify", new byte[0]), "unknown binding: ");
    assertRefused(
        ask(Grants.NONE, "Kubewarden", "none", "none", new byte[0]), "unknown binding: Kubewarden");
    assertThat(counts.violations()).isZero();
    assertThat(backend.logged).isEmpty();
  }

  @Test
  void theCapabilityComesBeforeTheNamesAndBeforeThePayload() {
    var none = grants(List.of("net/*"));
    assertRefused(ask(none, "nowhere", "nothing", "{"), "\"nowhere/nothing\" host capability");
    assertRefused(ask(none, "oci", "v9/verify", "{"), "\"oci/v9/verify\" host capability");
    assertRefused(ask(none, "oci", "v1/verify", "{"), "\"oci/v1/verify\" host capability");
    assertRefused(ask(none, "kubernetes", "get_resource", "{"), "host capability");
    assertThat(counts.violations()).isEqualTo(4);
  }

  @Test
  void thenTheNames() {
    var all = grants(List.of("*"), PODS);
    assertRefused(ask(all, "nowhere", "log", "{"), "unknown namespace: nowhere");
    assertRefused(ask(all, "oci", "v9/verify", "{"), "unknown operation: v9/verify");
    assertRefused(ask(all, "oci/v1", "verify", "{"), "unknown namespace: oci/v1");
    assertRefused(ask(all, "", "", "{"), "unknown namespace: ");
    assertRefused(ask(Grants.NONE, "tracing", "trace", "{}"), "unknown operation: trace");
    assertThat(counts.violations()).isZero();
  }

  @Test
  void theKindComesAfterThePayload() {
    var noKind = grants(List.of("*"));
    assertRefused(
        ask(noKind, "kubernetes", "get_resource", "{\"api_version\":\"v1\",\"kind\":\"Pod\"}"),
        "the payload of kubernetes/get_resource cannot be read: payload.name is missing");
    assertThat(counts.violations()).isZero();
  }

  /** Callbacks of former releases of Kubewarden, which had no gate there. */
  @ParameterizedTest
  @CsvSource({
    "kubernetes, namespaces",
    "kubernetes, ingresses",
    "kubernetes, services",
    "kubernetes, get_resource_plural_name",
    "kubernetes, has_list_resources_all_result_changed_since_instant",
    "oci, verify",
    "oci, manifest_digest",
    "oci, v1/oci_manifest_and_config",
    "net, dns_lookup_host"
  })
  void whatKubewardenOnceHadIsUnknown(String namespace, String operation) {
    assertRefused(ask(grants(List.of("*"), PODS), namespace, operation, "{}"), "unknown operation");
    assertRefused(ask(grants(List.of()), namespace, operation, "{}"), "host capability");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "1",
        "\"",
        "\"a\" \"b\"",
        "{\"a\":1,\"a\":2}",
        "\"\\ud800\"",
        "{\"api_version\":1,\"kind\":\"Pod\",\"namespace\":\"n\",\"name\":\"n\",\"disable_cache\":true}",
        "{\"api_version\":\"v1\",\"kind\":null,\"namespace\":\"n\",\"name\":\"n\",\"disable_cache\":true}",
        "{\"api_version\":\"v1\",\"kind\":\"Pod\",\"namespace\":[],\"name\":{},\"disable_cache\":\"true\",\"field_masks\":\"x\",\"label_selector\":1}"
      })
  void brokenPayloadsAreRefusedByAll(String payload) {
    var all = grants(List.of("*"), PODS);
    for (var call : CallTable.ALL) {
      if (call.needs() == CallTable.Needs.NOTHING) {
        continue;
      }
      // The variants of these two are told apart behind the gate.
      var isVerify = call.name().endsWith("/verify");
      var readable =
          payload.startsWith("{\"api") || List.of("{}", "[]", "null", "1").contains(payload);
      if (isVerify && readable) {
        continue;
      }
      assertRefused(
          ask(all, call.namespace(), call.name(), payload),
          "the payload of " + call.path() + " cannot be read: ");
    }
    assertThat(counts.violations()).isZero();
  }

  @Test
  void notUtf8AndTooDeepIsUnreadable() {
    var all = grants(List.of("*"), PODS);
    var deep = ("[".repeat(501) + "]".repeat(501)).getBytes(StandardCharsets.UTF_8);
    for (var payload : List.of(new byte[] {'"', (byte) 0xff, '"'}, deep)) {
      assertRefused(
          ask(all, "kubewarden", "oci", "v2/verify", payload), "v2/verify cannot be read: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"level\":\"info\"}", "", "{", "nonsense", "[1]"})
  void whatIsLoggedIsAlwaysGrantedAndAnsweredByNothing(String payload) {
    var reply = ask(Grants.NONE, "tracing", "log", payload);
    assertThat(reply.granted()).isTrue();
    assertThat(reply.bytes()).isEmpty();
    assertThat(backend.logged).containsExactly(payload);
    assertThat(counts.calls(HostOperation.LOG)).isOne();
  }

  @Test
  void whatThrowsBehindTheGateIsARefusal() {
    var broken =
        new HostBackend() {
          @Override
          public Answer call(HostOperation operation, JsonNode payload) {
            throw new IllegalStateException("secret");
          }

          @Override
          public void log(String policy, String uid, byte[] payload) {
            throw new IllegalStateException("secret");
          }
        };
    var gate = new HostGate(broken, grants(List.of("*")), counts, "policy", "uid");
    for (var call : List.of("oci v1/manifest_digest", "tracing log")) {
      var names = call.split(" ", -1);
      var reply =
          (Reply)
              gate.ask(
                  new HostCall(
                      "kubewarden", names[0], names[1], "\"x\"".getBytes(StandardCharsets.UTF_8)));
      assertThat(reply.granted()).isFalse();
      assertThat(text(reply)).contains("unexpectedly").doesNotContain("secret");
    }
  }

  @Test
  void withoutServicesNothingIsDoneWhateverIsGranted() {
    var gate = HostAccess.none().gate("uid");
    for (var call : CallTable.ALL) {
      var asked =
          new HostCall(
              "kubewarden",
              call.namespace(),
              call.name(),
              call.payload().getBytes(StandardCharsets.UTF_8));
      var reply = (Reply) gate.ask(asked);
      assertThat(reply.granted()).isEqualTo(call.needs() == CallTable.Needs.NOTHING);
      assertThat(Arrays.asList(text(reply).split("\n", -1))).hasSize(1);
    }
  }
}
