package dev.warder.policy.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.reference.Digest;
import dev.warder.policy.tuf.TestRepository.Owner;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.UnverifiedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a repository may do, and that whatever else it does changes nothing. */
final class TufClientTest {
  @TempDir Path store;
  private final TestRepository repository = new TestRepository();
  private byte[] root;
  private PublicTrustRoot trust;

  @BeforeEach
  void start() throws Exception {
    root = repository.root(1, List.of());
    repository.publish(trustRoot(1));
    trust = open();
    assertThat(trust.get().fingerprint()).isEqualTo(TrustRoot.publicGood().fingerprint());
    refresh();
    assertCounts(1);
  }

  @Test
  void readsSigstoresPublicInstance() throws Exception {
    var files = new HashMap<String, byte[]>();
    for (var name : List.of("timestamp.json", "165.snapshot.json", "14.targets.json")) {
      files.put(name, resource(TufClientTest.class, name));
    }
    var content = resource(TrustRoot.class, "public-good-trusted-root.json");
    var hash = TrustRoot.publicGood().fingerprint().hex();
    files.put("targets/" + hash + ".trusted_root.json", content);

    var found =
        new TufClient(TrustAnchor.publicGood())
            .visit(TufFiles.of(files), Optional.empty(), Instant.parse("2026-08-22T00:00:00Z"));

    assertThat(found.content().array()).isEqualTo(content);
    assertThat(found.targets().version()).isEqualTo(14);
    var next = resource(TrustAnchor.class, "public-good-root.json");
    var from = Root.pinned(resource(TufClientTest.class, "14.root.json"));
    assertThat(from.next(next).metadata().version()).isEqualTo(15);
  }

  @Test
  void takesALaterTrustRootAndHasItAfterARestart() throws Exception {
    repository.next();
    repository.publish(trustRoot(2));
    assertThat(refresh()).isTrue();
    assertCounts(2);
    assertThat(refresh()).isFalse();

    trust = open();
    assertCounts(2);
  }

  @Test
  void whatIsOnDiskMustProveItself() throws Exception {
    var file = store.resolve("trust-root/repository.json");
    var text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"timestamp.json\":\"e", "\"timestamp.json\":\"f"));
    assertThat(open().get().fingerprint()).isEqualTo(TrustRoot.publicGood().fingerprint());

    Files.writeString(file, "{}");
    assertThat(open().get().fingerprint()).isEqualTo(TrustRoot.publicGood().fingerprint());
  }

  @Test
  void followsRootsOverTwoVersionsToOtherKeys() throws Exception {
    rotate(2);
    rotate(3);
    repository.next();
    repository.publish(trustRoot(2));
    refresh();
    assertCounts(2);
    trust = open();
    assertCounts(2);
  }

  @Test
  void aRootThatTheFormerKeysDidNotSignIsRefused() throws Exception {
    repository.rootKeys = List.of(Owner.make("EC"), Owner.make("EC"));
    repository.root(2, List.of());
    assertRefused("2.root.json of version 2 is signed by 0 keys of its role instead of 2");
  }

  @Test
  void aRootThatItsOwnKeysDidNotSignIsRefused() throws Exception {
    var former = repository.rootKeys;
    repository.rootKeys = List.of(Owner.make("EC"), Owner.make("EC"));
    var keys = repository.rootKeys;
    repository.root(2, former);
    var json = new String(repository.files.get("2.root.json"), StandardCharsets.UTF_8);
    repository.files.put(
        "2.root.json",
        json.replaceAll("(\"keyid\" : \"" + keys.getFirst().id() + "\")", "\"keyid\" : \"none\"")
            .getBytes(StandardCharsets.UTF_8));
    assertRefused("2.root.json of version 2 is signed by 1 keys of its role instead of 2");
  }

  @Test
  void tooFewSignaturesAndOneKeyTwiceAreRefused() throws Exception {
    var former = repository.rootKeys;
    repository.rootKeys = List.of(former.getFirst(), former.getFirst());
    repository.root(2, List.of());
    assertRefused("is signed by 1 keys of its role instead of 2");
  }

  @Test
  void aSkippedRootVersionIsRefused() throws Exception {
    repository.root(3, List.of());
    repository.files.put("2.root.json", repository.files.get("3.root.json"));
    assertRefused("2.root.json has version 3 instead of 2");
  }

  @Test
  void anExpiredRootIsRefused() throws Exception {
    repository.rootExpires = TestRepository.NOW;
    repository.root(2, List.of());
    assertRefused("2.root.json of version 2 expired at");
  }

  @Test
  void aRemovedKeySignsNoMore() throws Exception {
    var former = repository.online;
    repository.online = Owner.make("EC");
    repository.root(2, List.of());
    repository.online = former;
    repository.next();
    repository.publish(trustRoot(2));
    assertRefused("timestamp.json of version 2 is signed by 0 keys");
  }

  @Test
  void afterARotationVersionsMayBeginAnew() throws Exception {
    repository.timestampVersion = 900;
    repository.publishTimestamp();
    refresh();
    repository.online = Owner.make("EC");
    repository.root(2, List.of());
    repository.timestampVersion = 2;
    repository.publish(trustRoot(2));
    refresh();
    assertCounts(2);
  }

  @Test
  void aFrozenRepositoryIsRefused() throws Exception {
    repository.next();
    repository.timestampExpires = TestRepository.NOW;
    repository.publish(trustRoot(2));
    assertRefused("timestamp.json of version 2 expired at 2026-03-01T12:00:00Z");
  }

  @Test
  void whatExpiredInUseIsStillInUseAfterARestart() {
    trust = open();
    assertThatThrownBy(
            () ->
                trust.refresh(
                    TufFiles.of(repository.files), TestRepository.NOW.plus(Duration.ofDays(8))))
        .isInstanceOf(UnverifiedException.class);
    assertCounts(1);
  }

  @Test
  void olderMetadataAreRefused() throws Exception {
    var before = new TreeMap<>(repository.files);
    repository.next();
    repository.publish(trustRoot(2));
    refresh();
    repository.files.putAll(before);
    assertRefused("timestamp.json has version 1 although version 2 was there before", 2);

    trust = open();
    assertRefused("timestamp.json has version 1 although version 2 was there before", 2);
  }

  @Test
  void anOlderSnapshotBehindANewTimestampIsRefused() throws Exception {
    repository.next();
    repository.publish(trustRoot(2));
    refresh();
    repository.timestampVersion++;
    repository.snapshotVersion = 1;
    repository.publishTimestamp();
    assertRefused("leads to an older snapshot than before", 2);
  }

  @Test
  void olderTargetsBehindANewSnapshotAreRefused() throws Exception {
    repository.next();
    repository.publish(trustRoot(2));
    refresh();
    repository.timestampVersion++;
    repository.snapshotVersion++;
    repository.publishSnapshot(Map.of("version", 1));
    assertRefused("lists an older targets.json than before", 2);
  }

  @Test
  void partsOfTwoStatesDoNotMix() throws Exception {
    repository.next();
    repository.publish(trustRoot(2));
    repository.files.put("2.targets.json", repository.files.get("1.targets.json"));
    assertRefused("targets.json");
    repository.publish(trustRoot(2));
    repository.files.put("2.snapshot.json", repository.files.get("1.snapshot.json"));
    assertRefused("snapshot.json has version 1 instead of 2");
  }

  @Test
  void aTargetOfOtherContentIsRefused() throws Exception {
    repository.next();
    var content = trustRoot(2);
    repository.publish(content);
    var path =
        repository.files.keySet().stream()
            .filter(name -> name.startsWith("targets/"))
            .filter(name -> Arrays.equals(repository.files.get(name), content))
            .findFirst()
            .orElseThrow();
    var other = content.clone();
    other[other.length - 1] = '\n';
    repository.files.put(path, other);
    assertRefused("trusted_root.json does not have the SHA-256 that is signed");
    repository.files.put(path, new byte[3]);
    assertRefused("trusted_root.json has 3 bytes instead of the");
  }

  @Test
  void aTrustRootThatWarderCannotReadIsRefused() throws Exception {
    repository.next();
    repository.publish("{}".getBytes(StandardCharsets.UTF_8));
    assertRefused("The trust root cannot be used");
  }

  @Test
  void aTargetOfManyBytesIsNotEvenAskedFor() throws Exception {
    repository.next();
    repository.publish(Map.of("length", 1L << 40, "hashes", Map.of("sha256", "0".repeat(64))));
    assertRefused("is larger than 1048576 bytes");
  }

  @Test
  void aTargetOlderThanThatOfTheReleaseIsRefused() {
    var anchor = repository.anchor(root);
    assertThatThrownBy(
            () ->
                new TufClient(new TrustAnchor(anchor.root(), 2, anchor.release()))
                    .visit(TufFiles.of(repository.files), Optional.empty(), TestRepository.NOW))
        .hasMessage("targets.json has version 1 although version 2 was there before");
  }

  private void rotate(long version) {
    var former = repository.rootKeys;
    repository.rootKeys = List.of(Owner.make("EC"), Owner.make("Ed25519"), Owner.make("RSA"));
    repository.online = Owner.make("EC");
    repository.targetsKeys = List.of(Owner.make("Ed25519"));
    repository.root(version, former);
  }

  private PublicTrustRoot open() {
    var source = new TrustRootSource(URI.create("https://unused.test"), repository.anchor(root));
    return PublicTrustRoot.open(Optional.of(source), store);
  }

  private boolean refresh() throws UnverifiedException {
    return trust.refresh(TufFiles.of(repository.files), TestRepository.NOW);
  }

  private void assertRefused(String why) throws Exception {
    assertRefused(why, 1);
  }

  private void assertRefused(String why, int counts) throws Exception {
    assertThatThrownBy(this::refresh)
        .isInstanceOf(UnverifiedException.class)
        .hasMessageContaining(why);
    assertCounts(counts);
  }

  private void assertCounts(int number) {
    assertThat(trust.get().fingerprint()).isEqualTo(Digest.of(trustRoot(number)));
  }

  /** That of the public instance, told apart by the space behind it. */
  private static byte[] trustRoot(int number) {
    try {
      var content = resource(TrustRoot.class, "public-good-trusted-root.json");
      return (new String(content, StandardCharsets.UTF_8) + " ".repeat(number))
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] resource(Class<?> beside, String name) throws IOException {
    try (var in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }
}
