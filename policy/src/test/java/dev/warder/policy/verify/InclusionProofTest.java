package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InclusionProofTest {
  private static final SigningKey KEY = SigningKey.ed25519();
  private static final String ORIGIN = "log.test";
  private static final TransparencyLog LOG =
      new TransparencyLog(
          new Bytes(PrivateSigstore.id(KEY)),
          KEY.verifier(),
          new Period(PrivateSigstore.NOW, Optional.empty()),
          ORIGIN);

  @Property(tries = 50)
  void leadsToTheRootFromEveryEntry(@ForAll @IntRange(min = 1, max = 70) int size)
      throws UnverifiedException {
    var log = new MerkleLog(KEY, ORIGIN, entries(size));
    for (int index = 0; index < size; index++) {
      parse(log, index).requireIncludes(new Bytes(log.entries().get(index)), LOG);
    }
  }

  @Property(tries = 50)
  void leadsFromNoOtherEntry(
      @ForAll @IntRange(min = 2, max = 70) int size,
      @ForAll @IntRange(max = 69) int one,
      @ForAll @IntRange(max = 69) int two)
      throws UnverifiedException {
    var log = new MerkleLog(KEY, ORIGIN, entries(size));
    var proof = parse(log, one % size);
    if (one % size != two % size) {
      assertRefused(proof, log.entries().get(two % size));
      assertRefused(
          new InclusionProof(
              two % size, proof.treeSize(), proof.rootHash(), proof.hashes(), proof.checkpoint()),
          log.entries().get(one % size));
    }
    var longer = new ArrayList<>(proof.hashes());
    longer.add(proof.rootHash());
    assertRefused(with(proof, longer), log.entries().get(one % size));
    assertRefused(
        with(proof, proof.hashes().subList(0, proof.hashes().size() - 1)),
        log.entries().get(one % size));
  }

  @Test
  void refusesAnotherTreeThanThatOfTheCheckpoint() throws UnverifiedException {
    var proof = parse(new MerkleLog(KEY, ORIGIN, entries(8)), 3);
    var other = parse(new MerkleLog(KEY, ORIGIN, entries(9)), 3);
    assertRefused(
        new InclusionProof(
            3, proof.treeSize(), proof.rootHash(), proof.hashes(), other.checkpoint()),
        entries(8).get(3));
  }

  @Test
  void refusesAnIndexOutsideOfTheTree() throws UnverifiedException {
    var proof = parse(new MerkleLog(KEY, ORIGIN, entries(8)), 3);
    for (var index : List.of(8L, Long.MAX_VALUE)) {
      assertRefused(
          new InclusionProof(
              index, proof.treeSize(), proof.rootHash(), proof.hashes(), proof.checkpoint()),
          entries(8).get(3));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "log.test\n1\nAAAA\n\n",
        "log.test\n1\nAAAA\n\n\n",
        "log.test\n1\nAAAA\n\n— log.test AAAAAAAA",
        "log.test\n1\nAAAA\n\n— log.test AAAA\n",
        "log.test\n1\nAAAA\n\n- log.test AAAAAAAA\n",
        "log.test\n1\nAAAA\n\n— AAAAAAAA\n",
        "log.test\n-1\nAAAA\n\n— log.test AAAAAAAA\n",
        "log.test\n01\nAAAA\n\n— log.test AAAAAAAA\n",
        "log.test\n99999999999999999999\nAAAA\n\n— log.test AAAAAAAA\n",
        "log.test\n1\n_\n\n— log.test AAAAAAAA\n",
        "\n1\nAAAA\n\n— log.test AAAAAAAA\n",
        "log.test\n1\n\n— log.test AAAAAAAA\n"
      })
  void refusesCheckpointsThatAreNone(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(UnverifiedException.class);
  }

  @Test
  void readsCheckpoints() {
    assertThatCode(() -> Checkpoint.parse("log.test\n1\nAAAA\nmore\n\n— log.test AAAAAAAA\n"))
        .doesNotThrowAnyException();
  }

  private static InclusionProof parse(MerkleLog log, int index) throws UnverifiedException {
    var json = StrictJson.read("it", Json.bytes(log.proof(index)));
    return new InclusionProof(
        json.number("logIndex"),
        json.number("treeSize"),
        json.bytes("rootHash"),
        json.byteStrings("hashes", 64),
        Checkpoint.parse(json.object("checkpoint").text("envelope")));
  }

  private static InclusionProof with(InclusionProof proof, List<Bytes> hashes) {
    return new InclusionProof(
        proof.index(), proof.treeSize(), proof.rootHash(), hashes, proof.checkpoint());
  }

  private static void assertRefused(InclusionProof proof, byte[] body) {
    assertThatThrownBy(() -> proof.requireIncludes(new Bytes(body), LOG))
        .isInstanceOf(UnverifiedException.class);
  }

  private static List<byte[]> entries(int size) {
    var entries = new ArrayList<byte[]>();
    for (int i = 0; i < size; i++) {
      entries.add(new byte[] {(byte) i, (byte) size});
    }
    return Collections.unmodifiableList(entries);
  }
}
