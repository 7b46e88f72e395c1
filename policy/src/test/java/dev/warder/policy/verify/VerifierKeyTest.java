package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class VerifierKeyTest {
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "massage".getBytes(StandardCharsets.UTF_8);

  static Stream<SigningKey> keys() {
    return Stream.of(
        SigningKey.p256(), SigningKey.p384(), SigningKey.ed25519(), SigningKey.rsa(2048));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void verifiesMessages(SigningKey key) {
    var verifier = key.verifier();
    var signature = key.sign(MESSAGE);
    assertThat(verifier.verifies(MESSAGE, signature)).isTrue();
    assertThat(verifier.verifies(OTHER, signature)).isFalse();
    for (var other : keys().toList()) {
      assertThat(verifier.verifies(MESSAGE, other.sign(MESSAGE))).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void takesMalformedSignaturesForNone(SigningKey key) {
    var verifier = key.verifier();
    var signature = key.sign(MESSAGE);
    assertThat(verifier.verifies(MESSAGE, new byte[0])).isFalse();
    assertThat(verifier.verifies(MESSAGE, MESSAGE)).isFalse();
    assertThat(verifier.verifies(MESSAGE, Arrays.copyOf(signature, signature.length + 1)))
        .isFalse();
    assertThat(verifier.verifies(MESSAGE, Arrays.copyOf(signature, signature.length - 1)))
        .isFalse();
    assertThat(verifier.verifies(MESSAGE, new byte[signature.length])).isFalse();
  }

  @Test
  void verifiesHashes() {
    for (var key : new SigningKey[] {SigningKey.p256(), SigningKey.rsa(2048)}) {
      var signature = key.sign(MESSAGE);
      assertThat(key.verifier().verifiesHash(sha256(MESSAGE), signature)).isTrue();
      assertThat(key.verifier().verifiesHash(sha256(OTHER), signature)).isFalse();
      assertThat(
              key.verifier()
                  .verifiesHash(sha256(MESSAGE), Arrays.copyOf(signature, signature.length + 1)))
          .isFalse();
    }
  }

  @Test
  void verifiesNoHashWithKeysThatNeedTheMessage() {
    for (var key : new SigningKey[] {SigningKey.ed25519(), SigningKey.p384()}) {
      assertThat(key.verifier().verifiesHash(sha256(MESSAGE), key.sign(MESSAGE))).isFalse();
      assertThat(key.verifier().verifiesHash(sha256(MESSAGE), key.sign(sha256(MESSAGE)))).isFalse();
    }
  }

  @Test
  void knowsNoOtherKeys() {
    for (var key : new SigningKey[] {SigningKey.rsa(1024), SigningKey.p521()}) {
      assertThat(VerifierKey.of(key.pair().getPublic())).isEmpty();
    }
    var der = SigningKey.p256().der();
    assertThat(VerifierKey.ofDer(new Bytes(Arrays.copyOf(der, der.length + 1)))).isEmpty();
    assertThat(VerifierKey.ofDer(new Bytes(new byte[0]))).isEmpty();
  }

  private static byte[] sha256(byte[] content) {
    return HashAlgorithm.SHA_256.of(content).array();
  }
}
