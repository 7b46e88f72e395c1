package dev.warder.policy.wasi;

import dev.warder.policy.reference.Digest;
import java.nio.ByteBuffer;

/** Random bytes of a boot: nobody can tell them without the seed, and one seed gives the same. */
final class BootRandom {
  private final byte[] seed;
  private long blocks;

  BootRandom(byte[] seed) {
    this.seed = seed.clone();
  }

  byte[] next() {
    var hash = Digest.sha256();
    hash.update(seed);
    return hash.digest(ByteBuffer.allocate(Long.BYTES).putLong(blocks++).array());
  }
}
