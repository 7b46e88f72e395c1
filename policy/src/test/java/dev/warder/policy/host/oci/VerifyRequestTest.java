package dev.warder.policy.host.oci;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.MisfitException;
import dev.warder.policy.json.UnreadableJsonException;
import dev.warder.policy.verify.VerificationConfig;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VerifyRequestTest {
  private static final String KEY =
      "-----BEGIN PUBLIC KEY-----\\n"
          + "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR+G+HLmri7xNXPWGKZq7iJ12d\\n"
          + "U+nG2OQF4ftHIYF4f1sYd7IVpSmFN8QTD9W5HfUSmAjBpnQJNfKz1cmAvw==\\n"
          + "-----END PUBLIC KEY-----\\n";

  private static VerifyRequest v1(String json) throws MisfitException {
    return VerifyRequest.v1(read(json));
  }

  private static VerifyRequest v2(String json) throws MisfitException {
    return VerifyRequest.v2(read(json));
  }

  private static JsonNode read(String json) {
    try {
      return Json.read(json);
    } catch (UnreadableJsonException e) {
      throw new AssertionError(e);
    }
  }

  private static String failure(VerifyRequest request) {
    return switch (request.rules()) {
      case Outcome.Failed<VerificationConfig>(var failure) -> failure.message();
      case Outcome.Done<VerificationConfig> _ -> throw new AssertionError("it can be asked for");
    };
  }

  private static String rules(VerifyRequest request) {
    return value(request.rules()).toString();
  }

  @Test
  void theFirstVersionNamesItsVariantOutside() throws MisfitException {
    var request =
        v1(
            "{\"SigstorePubKeyVerify\":{\"image\":\"i\",\"pub_keys\":[\"%s\"],\"more\":1}}"
                .formatted(KEY));
    assertThat(request.variant()).isEqualTo("SigstorePubKeyVerify");
    assertThat(request.image()).isEqualTo("i");
    assertThat(rules(request)).contains("PubKey");
    var keyless =
        v1(
            "{\"SigstoreKeylessVerify\":{\"image\":\"i\",\"keyless\":[{\"issuer\":\"a\",\"subject\":\"b\"}],\"annotations\":null}}");
    assertThat(rules(keyless)).contains("issuer=a", "Equal[value=b]", "annotations={}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "\"SigstorePubKeyVerify\"",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[]}",
        "{\"SigstorePubKeyVerify\":{\"image\":\"i\",\"pub_keys\":[]},\"more\":1}",
        "{\"SigstorePubKeyVerify\":{\"image\":\"i\",\"pub_keys\":[]},\"SigstoreKeylessVerify\":{}}",
        "{\"SigstoreGithubActionsVerify\":{\"image\":\"i\",\"owner\":\"o\"}}",
        "{\"SigstoreKeylessPrefixVerify\":{\"image\":\"i\",\"keyless_prefix\":[]}}",
        "{\"SigstoreCertificateVerify\":{\"image\":\"i\",\"certificate\":[],\"require_rekor_bundle\":true}}",
        "{\"sigstorePubKeyVerify\":{\"image\":\"i\",\"pub_keys\":[]}}"
      })
  void theFirstVersionHasTwoVariantsAndNoTypeMember(String json) {
    assertThatThrownBy(() -> v1(json))
        .isInstanceOf(MisfitException.class)
        .hasMessageContaining("payload must be an object with one member of")
        .hasMessageContaining("SigstorePubKeyVerify")
        .hasMessageContaining("SigstoreKeylessVerify");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "{\"type\":null}",
        "{\"type\":\"\"}",
        "{\"type\":[\"SigstorePubKeyVerify\"]}",
        "{\"SigstorePubKeyVerify\":{\"image\":\"i\",\"pub_keys\":[]}}"
      })
  void theSecondVersionNeedsAType(String json) {
    assertThatThrownBy(() -> v2(json))
        .isInstanceOf(MisfitException.class)
        .hasMessageContaining("payload.type must be one of [SigstoreCertificateVerify, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"SigstorePubKeyVerify\",\"pub_keys\":[]}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":1,\"pub_keys\":[]}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\"}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":null}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":\"k\"}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[null]}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[],\"annotations\":[]}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[],\"annotations\":{\"a\":1}}",
        "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[],\"annotations\":{\"a\":null}}",
        "{\"type\":\"SigstoreKeylessVerify\",\"image\":\"i\",\"keyless\":[{\"issuer\":\"a\"}]}",
        "{\"type\":\"SigstoreKeylessPrefixVerify\",\"image\":\"i\",\"keyless_prefix\":[{\"issuer\":\"a\",\"subject\":\"b\"}]}",
        "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"i\",\"owner\":null}",
        "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"i\",\"owner\":\"o\",\"repo\":[]}",
        "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"i\",\"certificate\":[1]}",
        "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"i\",\"certificate\":\"pem\",\"require_rekor_bundle\":true}",
        "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"i\",\"certificate\":[256],\"require_rekor_bundle\":true}",
        "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"i\",\"certificate\":[-1],\"require_rekor_bundle\":true}",
        "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"i\",\"certificate\":[1],\"certificate_chain\":[1],\"require_rekor_bundle\":true}",
        "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"i\",\"certificate\":[1],\"require_rekor_bundle\":null}"
      })
  void whatDoesNotFitIsRefused(String json) {
    assertThatThrownBy(() -> v2(json))
        .isInstanceOf(MisfitException.class)
        .hasMessageStartingWith("payload.");
  }

  @Test
  void theVariantsOfTheSecondVersion() throws MisfitException {
    assertThat(
            rules(
                v2(
                    "{\"type\":\"SigstoreKeylessPrefixVerify\",\"image\":\"i\",\"keyless_prefix\":[{\"issuer\":\"a\",\"url_prefix\":\"https://b.test/c\"}],\"annotations\":{\"k\":\"v\"}}")))
        .contains("UrlPrefix[prefix=https://b.test/c/]", "{k=v}");
    assertThat(
            rules(
                v2(
                    "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"i\",\"owner\":\"o\",\"repo\":null,\"annotations\":null}")))
        .contains("owner=o", "repo=Optional.empty", "annotations={}");
    assertThat(
            rules(
                v2(
                    "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"i\",\"owner\":\"o\",\"repo\":\"r\"}")))
        .contains("repo=Optional[r]");
  }

  @Test
  void whatCannotBeAskedForIsAFailure() throws MisfitException {
    assertThat(failure(v2("{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[]}")))
        .contains("must provide at least one pub key");
    assertThat(failure(v2("{\"type\":\"SigstoreKeylessVerify\",\"image\":\"i\",\"keyless\":[]}")))
        .contains("must provide keyless info");
    assertThat(
            failure(
                v2(
                    "{\"type\":\"SigstoreKeylessPrefixVerify\",\"image\":\"i\",\"keyless_prefix\":[]}")))
        .contains("must provide keyless info");
    assertThat(
            failure(
                v2(
                    "{\"type\":\"SigstoreKeylessPrefixVerify\",\"image\":\"i\",\"keyless_prefix\":[{\"issuer\":\"a\",\"url_prefix\":\"no url\"}]}")))
        .contains("url_prefix");
    for (var owner : new String[] {"", "a/b", "a b", "a?b"}) {
      assertThat(
              failure(
                  v2(
                      "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"i\",\"owner\":\"%s\"}"
                          .formatted(owner))))
          .contains("owner");
    }
    assertThat(
            failure(
                v2(
                    "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[\"%s\",\"x\"]}"
                        .formatted(KEY))))
        .contains("pub_keys[1] is no public key in PEM");
    assertThat(
            failure(
                v2(
                    "{\"type\":\"SigstoreCertificateVerify\",\"image\":\"i\",\"certificate\":[1],\"require_rekor_bundle\":false}")))
        .contains("certificate is no certificate in PEM");
  }

  @Test
  void noMoreThanAHundredAreJudged() throws MisfitException {
    var keys = String.join(",", Collections.nCopies(101, "\"" + KEY + "\""));
    assertThat(
            failure(
                v2(
                    "{\"type\":\"SigstorePubKeyVerify\",\"image\":\"i\",\"pub_keys\":[%s]}"
                        .formatted(keys))))
        .contains("more than 100 keys");
  }

  @Test
  void requestsAreToldApartByAllTheySay() throws MisfitException {
    var one = "{\"type\":\"SigstoreGithubActionsVerify\",\"image\":\"i\",\"owner\":\"o\"}";
    var same =
        "{\"repo\":null,\"owner\":\"o\",\"image\":\"i\",\"more\":1,\"type\":\"SigstoreGithubActionsVerify\",\"annotations\":null}";
    assertThat(v2(one).digest()).isEqualTo(v2(same).digest());
    for (var other :
        new String[] {
          one.replace("\"i\"", "\"j\""),
          one.replace("\"o\"", "\"p\""),
          one.replace("}", ",\"repo\":\"r\"}"),
          one.replace("}", ",\"annotations\":{\"a\":\"b\"}}")
        }) {
      assertThat(v2(one).digest()).isNotEqualTo(v2(other).digest());
    }
  }
}
