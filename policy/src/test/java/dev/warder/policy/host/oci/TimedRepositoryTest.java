package dev.warder.policy.host.oci;

import static dev.warder.policy.testing.Outcomes.failure;
import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TimedRepositoryTest {
  private static final Digest DIGEST = Digest.of(new byte[0]);

  private final AtomicInteger reads = new AtomicInteger();

  private final Repository counting =
      new Repository() {
        @Override
        public String name() {
          return "registry.test/one";
        }

        @Override
        public Outcome<Optional<RawManifest>> tagged(String tag) {
          return read();
        }

        @Override
        public Outcome<Optional<RawManifest>> manifest(Digest digest) {
          return read();
        }

        @Override
        public Outcome<Optional<RawManifest>> referrers(Digest subject) {
          return read();
        }

        @Override
        public Outcome<byte[]> blob(Digest digest, long maxBytes) {
          reads.incrementAndGet();
          return Outcome.done(new byte[0]);
        }

        private Outcome<Optional<RawManifest>> read() {
          reads.incrementAndGet();
          return Outcome.done(Optional.empty());
        }
      };

  @Test
  void withinItsTimeItIsTheRepository() {
    var timed = new TimedRepository(counting, Duration.ofDays(1));
    assertThat(value(timed.tagged("v1"))).isEmpty();
    assertThat(value(timed.manifest(DIGEST))).isEmpty();
    assertThat(value(timed.referrers(DIGEST))).isEmpty();
    assertThat(value(timed.blob(DIGEST, 1))).isEmpty();
    assertThat(timed.name()).isEqualTo("registry.test/one");
    assertThat(reads).hasValue(4);
  }

  @Test
  void afterItNothingIsRead() {
    var timed = new TimedRepository(counting, Duration.ofNanos(-1));
    for (var outcome :
        List.of(
            timed.tagged("v1"),
            timed.manifest(DIGEST),
            timed.referrers(DIGEST),
            timed.blob(DIGEST, 1))) {
      assertThat(failure(outcome).reason()).isEqualTo(Reason.ModuleSourceUnreachable);
      assertThat(failure(outcome).message()).contains("reading registry.test/one took longer");
    }
    assertThat(reads).hasValue(0);
  }
}
