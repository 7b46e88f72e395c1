package dev.warder.policy.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnreadableJsonException;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionFileTest {
  private static final String RECORDED =
      """
      - type: Exchange
        request: |
          !KubernetesGetResource
          api_version: v1
          kind: Namespace
          name: shop
          namespace: null
          disable_cache: false
        response:
          type: Success
          payload: '{"kind":"Namespace","metadata":{"name":"shop"}}'
      - type: Exchange
        request: |
          !DNSLookupHost
          host: shop.example
        response:
          type: Error
          message: no such host
      """;

  @Test
  void whatKwctlRecordsIsReplayedInItsOrder() throws Exception {
    var session = new HostSession.Replaying(read(RECORDED));

    assertThat(
            text(
                ask(
                    session,
                    HostOperation.GET,
                    "{\"api_version\":\"v1\",\"kind\":\"Namespace\",\"name\":\"shop\",\"disable_cache\":false}")))
        .isEqualTo("true {\"kind\":\"Namespace\",\"metadata\":{\"name\":\"shop\"}}");
    assertThat(session.left()).isEqualTo(1);
    assertThat(text(ask(session, HostOperation.DNS_LOOKUP, "\"shop.example\"")))
        .isEqualTo("false no such host");
    assertThat(text(ask(session, HostOperation.DNS_LOOKUP, "\"shop.example\"")))
        .contains("the list of recorded responses is empty");
  }

  @Test
  void anotherCallThanTheRecordedOneIsRefused() throws Exception {
    var session = new HostSession.Replaying(read(RECORDED));

    assertThat(
            text(
                ask(
                    session,
                    HostOperation.GET,
                    "{\"api_version\":\"v1\",\"kind\":\"Namespace\",\"name\":\"other\",\"disable_cache\":false}")))
        .startsWith("false Replay error: unexpected request. Was expecting KubernetesGetResource")
        .contains("\"name\":\"other\"");
  }

  @Test
  void whatIsRecordedCanBeReadAgain() throws Exception {
    var recording = new HostSession.Recording();
    var payloads =
        List.of(
            new Asked(
                HostOperation.GET,
                "{\"api_version\":\"v1\",\"kind\":\"Pod\",\"name\":\"a\",\"namespace\":\"b\",\"disable_cache\":true}"),
            new Asked(
                HostOperation.LIST_ALL,
                "{\"api_version\":\"v1\",\"kind\":\"Pod\",\"field_masks\":[\"a.b\"]}"),
            new Asked(
                HostOperation.CAN_I,
                "{\"subject_access_review\":{\"user\":\"u\",\"resource_attributes\":{\"verb\":\"get\",\"resource\":\"pods\"}},\"disable_cache\":false}"),
            new Asked(
                HostOperation.VERIFY_V2,
                "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"i\",\"owner\":\"o\",\"repo\":null}"),
            new Asked(
                HostOperation.VERIFY_V1,
                "{\"SigstorePubKeyVerify\":{\"image\":\"i\",\"pub_keys\":[\"k\\nl\"]}}"),
            new Asked(HostOperation.MANIFEST, "\"busybox: 1 # x\""));
    for (var asked : payloads) {
      recording.call(asked.operation(), Json.read(asked.payload()), new Echo());
    }

    var file = SessionFile.write(recording.exchanges());

    assertThat(new String(file, StandardCharsets.UTF_8))
        .contains("- type: Exchange")
        .contains("!KubernetesGetResource")
        .contains("!SigstoreGithubActionsVerify");
    var again = new HostSession.Replaying(SessionFile.read(file));
    for (var asked : payloads) {
      assertThat(text(ask(again, asked.operation(), asked.payload())))
          .isEqualTo("true echo of " + asked.operation() + "\nin two lines: \"#\"");
    }
    assertThat(again.left()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: Exchange",
        "- type: Exchange",
        "- {type: Exchange, request: 'no tag', response: {type: Success, payload: x}}",
        "- {type: Other, request: \"!A\\nb: c\", response: {type: Success, payload: x}}",
        "- {type: Exchange, request: \"!A\\nb: c\", response: {type: Maybe, payload: x}}",
        "- {type: Exchange, request: \"!A\\nb: c\", response: {type: Success}}",
        "- {type: Exchange, request: \"!A\\nb: [\", response: {type: Success, payload: x}}",
        "\"unclosed"
      })
  void whatIsNoRecordIsRefused(String yaml) {
    assertThatThrownBy(() -> read(yaml)).isInstanceOf(UnreadableSessionException.class);
  }

  private record Asked(HostOperation operation, String payload) {}

  private record Echo() implements HostBackend {
    @Override
    public Reply call(HostOperation operation, JsonNode payload) {
      return Reply.granted(
          ("echo of " + operation + "\nin two lines: \"#\"").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void log(String policy, String uid, byte[] payload) {}
  }

  private static Reply ask(HostSession session, HostOperation operation, String payload)
      throws UnreadableJsonException {
    return (Reply) session.call(operation, Json.read(payload), new NoBackend());
  }

  private static String text(Reply reply) {
    return reply.granted() + " " + new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  private static List<Exchange> read(String yaml) throws UnreadableSessionException {
    return SessionFile.read(yaml.getBytes(StandardCharsets.UTF_8));
  }
}
