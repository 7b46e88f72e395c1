package dev.warder.policy.tuf;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.Bytes;
import dev.warder.policy.verify.UnverifiedException;
import java.util.Map;

/**
 * A file that a repository's metadata lead to, and these metadata.
 *
 * @param files all that was read on the way, by path: with the pinned root they prove it again
 */
record TufTarget(
    Bytes content,
    Root root,
    Metadata timestamp,
    Metadata snapshot,
    Metadata targets,
    Map<String, byte[]> files) {

  /** No version may be lower than before, as far as those who may say so now have said it. */
  void requireNotUndercutBy(Root now, Metadata newTimestamp) throws UnverifiedException {
    if (now.timestamp().signed(timestamp)) {
      newTimestamp.requireNotBefore(timestamp.version());
      require(
          TufClient.snapshotOf(newTimestamp).version() >= TufClient.snapshotOf(timestamp).version(),
          newTimestamp.name() + " leads to an older snapshot than before");
    }
  }

  /** The same for what the snapshot lists; nothing may vanish from it. */
  void requireNotUndercutIn(Root now, Metadata newSnapshot) throws UnverifiedException {
    if (!now.snapshot().signed(snapshot)) {
      return;
    }
    var listed = newSnapshot.signed().object("meta");
    var before = snapshot.signed().object("meta");
    for (var entry : before.node().properties()) {
      require(
          FileMeta.of(listed.object(entry.getKey())).version()
              >= FileMeta.of(before.object(entry.getKey())).version(),
          newSnapshot.name() + " lists an older " + entry.getKey() + " than before");
    }
  }
}
