package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a module whose signatures are asked for, are stored, and are asked for again. */
final class ModuleSignatureTest {
  private static final byte[] MODULE = "module".getBytes(StandardCharsets.UTF_8);
  private static final Digest MANIFEST = Signing.MANIFEST;

  private final MapRepository registry = new MapRepository();
  private final SigningKey ours = SigningKey.p256();
  private @TempDir Path folder;
  private FetchedModule fetched;

  @BeforeEach
  void fetch() throws IOException {
    fetched = fetched(Optional.of(MANIFEST));
  }

  private FetchedModule fetched(Optional<Digest> manifest) throws IOException {
    return fetched("registry.test/policies/one:v1", manifest);
  }

  private FetchedModule fetched(String reference, Optional<Digest> manifest) throws IOException {
    var file = Files.write(folder.resolve("module"), MODULE);
    return new FetchedModule(
        Outcomes.value(ModuleReferences.parse(reference)),
        "registry://registry.test/policies/one:v1@" + MANIFEST,
        Digest.of(MODULE),
        MODULE.length,
        file,
        manifest);
  }

  @Test
  void anUnsignedModuleDoesNotPass() {
    assertThat(Outcomes.failure(verify(ours)).reason()).isEqualTo(Reason.SignatureMissing);
    assertThat(Outcomes.value(verifier().verify(fetched, Requirement.NONE)).verification())
        .isEmpty();
  }

  @Test
  void whatWasFoundOnceNeedsNoRegistryAgain() {
    sign(ours);
    assertThat(signer(verify(ours))).isEqualTo(ours.verifier().fingerprint().toString());
    goDown();

    assertThat(signer(verify(ours))).isEqualTo(ours.verifier().fingerprint().toString());
    assertThat(Outcomes.failure(verify(SigningKey.p256())).reason())
        .isEqualTo(Reason.ModuleSourceUnreachable);
  }

  @Test
  void whatIsStoredIsJudgedAndNotBelieved() throws IOException {
    sign(ours);
    Outcomes.value(verify(ours));
    var stored = folder.resolve("signatures").resolve(MANIFEST.hex());
    var text = Files.readString(stored);

    for (var forged : new String[] {"", "{", text.replace("\"sha256", "\"sha255"), text + text}) {
      Files.writeString(stored, forged);
      assertThat(signer(verify(ours))).isEqualTo(ours.verifier().fingerprint().toString());
    }
    var other = MANIFEST.hex().startsWith("0") ? "1" : "0";
    Files.move(stored, folder.resolve("signatures").resolve(other + MANIFEST.hex().substring(1)));
    goDown();
    assertThat(Outcomes.failure(verify(ours)).retryable()).isTrue();
  }

  @Test
  void storedSignaturesOfAnotherManifestDoNotCount() throws IOException {
    sign(ours);
    Outcomes.value(verify(ours));
    var another = Digest.of("another manifest".getBytes(StandardCharsets.UTF_8));
    Files.copy(
        folder.resolve("signatures").resolve(MANIFEST.hex()),
        folder.resolve("signatures").resolve(another.hex()));

    fetched = fetched(Optional.of(another));

    assertThat(verify(ours)).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aSignatureThatWasAddedLaterIsFound() {
    var theirs = SigningKey.p256();
    sign(ours);
    Outcomes.value(verify(ours));
    var failure = Outcomes.failure(verify(theirs));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureRejected);
    assertThat(failure.message())
        .endsWith("; sign the module as the config asks, or change the config");

    sign(theirs);

    assertThat(signer(verify(theirs))).isEqualTo(theirs.verifier().fingerprint().toString());
  }

  @Test
  void whatWasAcceptedBeforeMayDoWithout() {
    var forgiving = new Requirement(Optional.of(policy(ours)), true);

    assertThat(Outcomes.value(verifier().verify(fetched, forgiving)).verification()).isEmpty();
    sign(ours);
    assertThat(Outcomes.value(verifier().verify(fetched, forgiving)).verification()).isPresent();
  }

  @Test
  void aModuleWithoutAManifestCannotBeSigned() throws IOException {
    fetched = fetched("https://registry.test/policy.wasm", Optional.empty());

    var failure = Outcomes.failure(verify(ours));
    assertThat(failure.reason()).isEqualTo(Reason.SignatureMissing);
    assertThat(failure.message()).contains("push it to a registry");
  }

  @Test
  void aManifestThatIsNotThereMayBeThereLater() throws IOException {
    fetched = fetched(Optional.empty());

    assertThat(Outcomes.failure(verify(ours)).retryable()).isTrue();
  }

  private void sign(SigningKey key) {
    var signing = Signing.keyed();
    signing.key = key;
    signing.signLayer();
    registry.pushLayer(MANIFEST, signing.payload, signing.annotations());
  }

  private void goDown() {
    registry.fail(MapRepository.tagOf(MANIFEST));
    registry.fail("referrers");
  }

  private Outcome<VerifiedModule> verify(SigningKey required) {
    return verifier().verify(fetched, Requirement.of(Optional.of(policy(required))));
  }

  private ModuleVerifier verifier() {
    return new ModuleVerifier(
        _ -> Optional.<Repository>of(registry),
        new SignatureStore(folder),
        Clock.fixed(Signing.SIGNED, ZoneOffset.UTC));
  }

  private static SignaturePolicy policy(SigningKey required) {
    var config = "{allOf: [%s]}".formatted(required.rule());
    return new SignaturePolicy(Outcomes.value(VerificationConfig.parse(config)), Optional.empty());
  }

  private static String signer(Outcome<VerifiedModule> verified) {
    return Outcomes.value(verified).verification().orElseThrow().signers().getFirst().identity();
  }
}
