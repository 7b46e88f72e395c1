package dev.warder.policy.verify;

import dev.warder.policy.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A log as a tree of all its entries, computed as RFC 6962 defines it. */
record MerkleLog(SigningKey key, String origin, List<byte[]> entries) {

  private static final int SIZE = 11;
  private static final int INDEX = 7;

  /** The proof of a log of the first generation, whose origins name a tree. */
  static Map<String, Object> proofOf(SigningKey key, byte[] body) {
    return proofOf(key, body, PrivateSigstore.HOST + " - 42");
  }

  /** The proof of an entry that is in a log among others. */
  static Map<String, Object> proofOf(SigningKey key, byte[] body, String origin) {
    var entries = new ArrayList<byte[]>();
    for (int i = 0; i < SIZE; i++) {
      entries.add(i == INDEX ? body : new byte[] {(byte) i});
    }
    return new MerkleLog(key, origin, entries).proof(INDEX);
  }

  /** The inclusionProof of a bundle. */
  Map<String, Object> proof(int index) {
    var root = root(entries);
    return Map.of(
        "logIndex",
        Integer.toString(index),
        "treeSize",
        Integer.toString(entries.size()),
        "rootHash",
        PrivateSigstore.base64(root),
        "hashes",
        path(index, entries).stream().map(PrivateSigstore::base64).toList(),
        "checkpoint",
        Map.of("envelope", checkpoint(root)));
  }

  private String checkpoint(byte[] root) {
    var note =
        "%s\n%d\n%s\n".formatted(origin, entries.size(), Base64.getEncoder().encodeToString(root));
    var signature = key.sign(note.getBytes(StandardCharsets.UTF_8));
    var line = Arrays.copyOf(PrivateSigstore.id(key), 4 + signature.length);
    System.arraycopy(signature, 0, line, 4, signature.length);
    return "%s\n— witness.test %s\n— %s %s\n"
        .formatted(
            note,
            PrivateSigstore.base64("other signature".getBytes(StandardCharsets.UTF_8)),
            origin.split(" ", -1)[0],
            PrivateSigstore.base64(line));
  }

  private static byte[] root(List<byte[]> entries) {
    if (entries.size() == 1) {
      return hash(0, entries.getFirst(), new byte[0]);
    }
    var split = split(entries);
    return hash(1, root(entries.subList(0, split)), root(entries.subList(split, entries.size())));
  }

  private static List<byte[]> path(int index, List<byte[]> entries) {
    if (entries.size() == 1) {
      return new ArrayList<>();
    }
    var split = split(entries);
    var left = entries.subList(0, split);
    var right = entries.subList(split, entries.size());
    var path = index < split ? path(index, left) : path(index - split, right);
    path.add(root(index < split ? right : left));
    return path;
  }

  /** The largest power of two below the number of entries. */
  private static int split(List<byte[]> entries) {
    return Integer.highestOneBit(entries.size() - 1);
  }

  private static byte[] hash(int kind, byte[] left, byte[] right) {
    var sha256 = Digest.sha256();
    sha256.update((byte) kind);
    sha256.update(left);
    return sha256.digest(right);
  }
}
