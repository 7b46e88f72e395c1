package dev.warder.policy.verify;

import static dev.warder.policy.testing.Outcomes.value;
import static dev.warder.policy.testing.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.controlplane.GoTool;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.fetch.RegistryPusher;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.host.oci.OciCalls;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.PrivateRegistry;
import dev.warder.policy.testing.PrivateRegistry.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Policies ask who signed an image: in a registry with a password and a certificate of its own,
 * signed by cosign, or by a Sigstore of the tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImageVerificationIT {
  private static final String FAILED = "-Callback evaluation failure: ";
  private static final Instant NOW = PrivateSigstore.NOW.plus(Duration.ofHours(1));
  private static final String GITHUB = "https://token.actions.githubusercontent.com";
  private static final String WORKFLOW =
      "https://github.com/org/app/.github/workflows/release.yml@refs/tags/v1";

  private final PrivateSigstore sigstore = new PrivateSigstore();
  private PrivateRegistry registry;
  private ImageRegistries registries;
  private OciCalls calls;
  private RegistryPusher pusher;
  private String alice;
  private String bob;

  @BeforeAll
  void start(@TempDir Path folder) {
    registry = PrivateRegistry.start(folder);
    registries = new ImageRegistries(FetchLimits.forImages(), registry.sources());
    pusher = new RegistryPusher(FetchLimits.defaults(), registry.sources());
    var trust = sigstore.trust();
    calls = new OciCalls(registries, () -> trust, Clock.fixed(NOW, ZoneOffset.UTC));
    alice = registry.key("alice");
    bob = registry.key("bob");
  }

  @AfterAll
  void stop() {
    calls.close();
    pusher.close();
    registries.close();
    registry.close();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode keys(String image, String... pems) {
    var members = object().put("image", image);
    var keys = members.putArray("pub_keys");
    List.of(pems).forEach(keys::add);
    return members;
  }

  private String v1(String variant, JsonNode members) {
    return text(calls.verifyV1(object().set(variant, members)));
  }

  private String v2(String variant, ObjectNode members) {
    return text(calls.verifyV2(members.deepCopy().put("type", variant)));
  }

  private String byKeys(String image, String... pems) {
    var members = keys(image, pems);
    var answer = v2("SigstorePubKeyVerify", members);
    assertThat(v1("SigstorePubKeyVerify", members)).isEqualTo(answer);
    return answer;
  }

  private static String trusted(String image) {
    return "+{\"is_trusted\":true,\"digest\":\"%s\"}"
        .formatted(image.substring(image.indexOf('@') + 1));
  }

  @ParameterizedTest
  @EnumSource
  void keysOfCosign(Form form) {
    var name = form.name().toLowerCase(Locale.ROOT);
    var image = registry.push("images/" + name, name, name.getBytes(StandardCharsets.UTF_8));
    var tagged = image.replaceFirst("@.*", ":" + name);
    assertThat(byKeys(image, alice)).startsWith(FAILED);
    registry.sign(image, "alice", form, "env=prod");
    // What was not signed a moment ago may be asked for by another name at once.
    assertThat(byKeys(tagged, alice)).isEqualTo(trusted(image));

    assertThat(byKeys(tagged, bob))
        .startsWith(FAILED)
        .contains("Image verification failed")
        .doesNotContain("module", "config");
    assertThat(byKeys(tagged, alice, bob)).startsWith(FAILED);
    registry.sign(image, "bob", form);
    assertThat(byKeys(tagged.replace("images/", "images/./"), alice)).startsWith(FAILED);
    var both = keys(tagged, bob, alice);
    assertThat(v2("SigstorePubKeyVerify", both)).isEqualTo(trusted(image));

    for (var annotations : List.of("{\"env\":\"prod\"}", "{}", "null")) {
      assertThat(annotated(tagged, annotations)).as(annotations).isEqualTo(trusted(image));
    }
    for (var annotations :
        List.of("{\"env\":\"test\"}", "{\"none\":\"prod\"}", "{\"env\":\"prod\",\"none\":\"\"}")) {
      assertThat(annotated(tagged, annotations)).as(annotations).startsWith(FAILED);
    }
  }

  private String annotated(String image, String annotations) {
    try {
      var members = keys(image, alice);
      members.set("annotations", new JsonMapper().readTree(annotations));
      return v2("SigstorePubKeyVerify", members);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theSignatureOfAnotherDigestDoesNotCount() {
    var signed = registry.push("images/two", "v1", new byte[] {1});
    registry.sign(signed, "alice", Form.SIMPLE);
    registry.sign(signed, "alice", Form.BUNDLE);
    var other = registry.push("images/two", "v2", new byte[] {2});
    assertThat(byKeys(signed, alice)).isEqualTo(trusted(signed));
    assertThat(byKeys(other, alice)).startsWith(FAILED);
    // Not even where its place is taken.
    var place = "sha256-" + other.substring(other.indexOf("sha256:") + 7) + ".sig";
    var from = "sha256-" + signed.substring(signed.indexOf("sha256:") + 7) + ".sig";
    registry.run(GoTool.CRANE, "tag", registry.host() + "/images/two:" + from, place);
    assertThat(byKeys(other.replaceFirst("@.*", ":v2"), alice)).startsWith(FAILED);
  }

  @Test
  void whatCannotBeAskedForIsAFailure() {
    var image = registry.host() + "/images/none:v1";
    assertThat(byKeys(image)).isEqualTo(FAILED + "must provide at least one pub key");
    assertThat(byKeys(image, "x")).contains("pub_keys[0] is no public key");
    assertThat(byKeys(image, alice)).isEqualTo(FAILED + "there is no image " + image);
    assertThat(text(calls.verifyV2(object()))).startsWith("-the payload of oci/v2/verify cannot");
    assertThat(text(calls.verifyV1(object()))).startsWith("-the payload of oci/v1/verify cannot");
  }

  @Test
  void aPrivateRegistryNeedsCredentials() {
    var image = registry.push("images/three", "v1", new byte[] {3});
    registry.sign(image, "alice", Form.SIMPLE);
    try (var strangers =
            new ImageRegistries(
                FetchLimits.forImages(),
                registry.sources().withCredentials(Sources.none().credentials()));
        var asking = new OciCalls(strangers, sigstore::trust, Clock.systemUTC())) {
      assertThat(text(asking.verifyV2(keys(image, alice).put("type", "SigstorePubKeyVerify"))))
          .startsWith(FAILED)
          .contains("no credentials were found for " + registry.host());
    }
    assertThat(byKeys(image, alice)).isEqualTo(trusted(image));
  }

  /** Pushes an image with signatures of the tests' own; gives its name with its digest. */
  private String push(String name, BiConsumer<MapRepository, Digest> signer) {
    var repository = new MapRepository();
    var digest = repository.pushImage(name.getBytes(StandardCharsets.UTF_8));
    signer.accept(repository, digest);
    var target =
        (ModuleReference.Registry)
            value(
                ModuleReferences.parse(
                    "registry://" + registry.host() + "/signed/" + name + ":v1"));
    return value(pusher.copy(repository, digest, target)).replace("registry://", "");
  }

  private Signing keyless(Digest manifest) {
    var signing = Signing.keyless(sigstore, sigstore.workflow("org/app"));
    signing.manifest = manifest;
    return signing;
  }

  private static ObjectNode identity(String image, String member, String name, String value) {
    var members = object().put("image", image);
    members.putArray(member).addObject().put("issuer", GITHUB).put(name, value);
    return members;
  }

  @Test
  void identitiesOfACertificateAuthority() {
    var image = push("keyless", (to, digest) -> to.attach(keyless(digest).signLayer()));
    var exact = identity(image, "keyless", "subject", WORKFLOW);
    assertThat(v1("SigstoreKeylessVerify", exact)).isEqualTo(trusted(image));
    assertThat(v2("SigstoreKeylessVerify", exact)).isEqualTo(trusted(image));
    for (var other : List.of(WORKFLOW + "x", WORKFLOW.substring(1), "https://github.com/org/*")) {
      assertThat(v2("SigstoreKeylessVerify", identity(image, "keyless", "subject", other)))
          .startsWith(FAILED);
    }
    for (var prefix : List.of("https://github.com/org/app/", "https://github.com/org")) {
      assertThat(
              v2(
                  "SigstoreKeylessPrefixVerify",
                  identity(image, "keyless_prefix", "url_prefix", prefix)))
          .as(prefix)
          .isEqualTo(trusted(image));
    }
    for (var prefix : List.of("https://github.com/or", "https://github.com/org/ap")) {
      assertThat(
              v2(
                  "SigstoreKeylessPrefixVerify",
                  identity(image, "keyless_prefix", "url_prefix", prefix)))
          .as(prefix)
          .startsWith(FAILED);
    }
    var owner = object().put("image", image).put("owner", "org");
    assertThat(v2("SigstoreGithubActionsVerify", owner)).isEqualTo(trusted(image));
    assertThat(v2("SigstoreGithubActionsVerify", owner.deepCopy().put("repo", "app")))
        .isEqualTo(trusted(image));
    assertThat(v2("SigstoreGithubActionsVerify", owner.deepCopy().put("repo", "other")))
        .startsWith(FAILED);
    assertThat(v2("SigstoreGithubActionsVerify", owner.deepCopy().put("owner", "other")))
        .startsWith(FAILED);
    assertThat(v2("SigstoreGithubActionsVerify", owner.deepCopy().put("owner", "")))
        .contains("owner");
    exact.putObject("annotations").put("env", "prod");
    assertThat(v2("SigstoreKeylessVerify", exact)).isEqualTo(trusted(image));
    exact.putObject("annotations").put("env", "test");
    assertThat(v2("SigstoreKeylessVerify", exact)).startsWith(FAILED);
  }

  @Test
  void anIdentityOfAnotherAuthorityIsNone() {
    var stranger = new PrivateSigstore();
    var image =
        push(
            "stranger",
            (to, digest) -> {
              var signing = Signing.keyless(stranger, stranger.workflow("org/app"));
              signing.manifest = digest;
              to.attach(signing.signLayer());
            });
    assertThat(v2("SigstoreKeylessVerify", identity(image, "keyless", "subject", WORKFLOW)))
        .startsWith(FAILED);
  }

  @Test
  void anUnsignedImageIsAFailure() {
    var image = push("unsigned", (_, _) -> {});
    assertThat(v2("SigstoreKeylessVerify", identity(image, "keyless", "subject", WORKFLOW)))
        .startsWith(FAILED);
    assertThat(byKeys(image, alice)).startsWith(FAILED);
  }

  /** The authorities of the tests' Sigstore, the root last. */
  private List<byte[]> chain() {
    var chain = new ArrayList<byte[]>();
    new JsonMapper()
        .valueToTree(sigstore.trustedRoot())
        .at("/certificateAuthorities/0/certChain/certificates")
        .forEach(one -> chain.add(pem(Base64.getDecoder().decode(one.path("rawBytes").asText()))));
    assertThat(chain).hasSize(2);
    return chain;
  }

  private static byte[] pem(byte[] der) {
    return Pem.encode("CERTIFICATE", der).getBytes(StandardCharsets.UTF_8);
  }

  private String byCertificate(
      String image, byte[] certificate, Optional<List<byte[]>> chain, boolean needsEntry) {
    var members = object().put("image", image).put("require_rekor_bundle", needsEntry);
    numbers(members.putArray("certificate"), certificate);
    members.putNull("certificate_chain");
    chain.ifPresent(
        all -> {
          var list = members.putArray("certificate_chain");
          all.forEach(one -> numbers(list.addArray(), one));
        });
    return v2("SigstoreCertificateVerify", members);
  }

  private static void numbers(ArrayNode list, byte[] bytes) {
    for (var one : bytes) {
      list.add(one & 0xff);
    }
  }

  @Test
  void aCertificateThatThePolicyBrings() {
    var key = SigningKey.p256();
    var certificate = sigstore.certify(sigstore.workflow("org/app"), key);
    var given = pem(Certificates.der(certificate).array());
    var logged =
        push(
            "logged",
            (to, digest) -> {
              var signing = Signing.keyed();
              signing.key = key;
              signing.certificate = Optional.of(certificate);
              signing.log = Optional.of(sigstore.log);
              signing.manifest = digest;
              to.attach(signing.signLayer());
            });
    var unlogged =
        push(
            "unlogged",
            (to, digest) -> {
              var signing = Signing.keyed();
              signing.key = key;
              signing.manifest = digest;
              to.attach(signing.signLayer());
            });
    assertThat(byCertificate(logged, given, Optional.empty(), true)).isEqualTo(trusted(logged));
    assertThat(byCertificate(logged, given, Optional.of(chain()), true)).isEqualTo(trusted(logged));
    assertThat(byCertificate(logged, given, Optional.of(chain()), false))
        .isEqualTo(trusted(logged));
    assertThat(byCertificate(unlogged, given, Optional.empty(), false))
        .isEqualTo(trusted(unlogged));
    assertThat(byCertificate(unlogged, given, Optional.empty(), true))
        .startsWith(FAILED)
        .contains("no log that is known tells when its certificate was used");
    // Nothing tells that it was signed within these ten minutes.
    assertThat(byCertificate(unlogged, given, Optional.of(chain()), false))
        .startsWith(FAILED)
        .contains("does not lead to the end of the given chain");

    assertThat(byCertificate(logged, given, Optional.of(List.of(chain().getLast())), true))
        .startsWith(FAILED);
    assertThat(byCertificate(logged, given, Optional.of(List.of(given)), true)).startsWith(FAILED);
    assertThat(
            byCertificate(
                logged,
                pem(
                    Certificates.der(
                            sigstore.certify(sigstore.workflow("org/app"), SigningKey.p256()))
                        .array()),
                Optional.empty(),
                false))
        .startsWith(FAILED)
        .contains("it is not by the key of the certificate");
    assertThat(
            byCertificate(
                logged,
                pem(
                    Certificates.der(
                            sigstore.certify(
                                sigstore.workflow("org/app").usedFor(KeyPurposeId.id_kp_serverAuth),
                                key))
                        .array()),
                Optional.empty(),
                false))
        .contains("certificate is not for signing code");
    assertThat(byCertificate(logged, new byte[] {1}, Optional.empty(), false))
        .contains("certificate is no certificate in PEM");
    assertThat(byCertificate(logged, given, Optional.of(Collections.nCopies(17, given)), false))
        .contains("certificate_chain has more than 16 certificates");
  }
}
