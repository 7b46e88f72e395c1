package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.reference.Digest;
import java.util.List;

/**
 * The way from an entry to the root of the log's Merkle tree (RFC 6962), with a checkpoint that the
 * log signed.
 *
 * @param index of the entry in the tree
 */
record InclusionProof(
    long index, long treeSize, Bytes rootHash, List<Bytes> hashes, Checkpoint checkpoint) {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  /** Passes if the log signed a tree of which the body is the entry at the index. */
  void requireIncludes(Bytes body, TransparencyLog log) throws UnverifiedException {
    require(
        checkpoint.treeSize() == treeSize && checkpoint.rootHash().equals(rootHash),
        "its inclusion proof is of another tree than its checkpoint");
    require(
        checkpoint.isSignedBy(log),
        "the checkpoint of its inclusion proof is not signed by the log");
    require(index < treeSize, "its inclusion proof is outside of the tree");
    require(
        rootHash.equals(root(hash(LEAF, body.array(), new byte[0]))),
        "its inclusion proof does not lead to the root of the log");
  }

  /** RFC 9162, section 2.1.3.2. */
  private Bytes root(Bytes leaf) throws UnverifiedException {
    var node = index;
    var last = treeSize - 1;
    var hash = leaf;
    for (var sibling : hashes) {
      require(last > 0, "its inclusion proof is too long");
      if ((node & 1) == 1 || node == last) {
        hash = hash(NODE, sibling.array(), hash.array());
        while ((node & 1) == 0 && node > 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = hash(NODE, hash.array(), sibling.array());
      }
      node >>= 1;
      last >>= 1;
    }
    require(last == 0, "its inclusion proof is too short");
    return hash;
  }

  private static Bytes hash(byte kind, byte[] left, byte[] right) {
    var sha256 = Digest.sha256();
    sha256.update(kind);
    sha256.update(left);
    return new Bytes(sha256.digest(right));
  }
}
