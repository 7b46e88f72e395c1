package dev.warder.policy.tuf;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.Bytes;
import dev.warder.policy.verify.UnverifiedException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows a repository of The Update Framework from a pinned root to one target, in the order of
 * section 5 of its specification. A visit ends with the target proven, or without any effect.
 */
final class TufClient {
  private static final int MAX_ROOTS = 256;
  private static final int MAX_ROOT_BYTES = 512 << 10;
  private static final int MAX_TIMESTAMP_BYTES = 16 << 10;
  private static final int MAX_SNAPSHOT_BYTES = 2 << 20;
  private static final int MAX_TARGETS_BYTES = 5 << 20;
  private static final int MAX_TARGET_BYTES = 1 << 20;

  private final TrustAnchor anchor;

  TufClient(TrustAnchor anchor) {
    this.anchor = anchor;
  }

  /** Proves again what an earlier visit brought, however long ago: files that it kept. */
  TufTarget prove(Map<String, byte[]> kept) throws UnverifiedException {
    return new Visit(TufFiles.of(kept), Optional.empty(), Optional.empty()).target();
  }

  /** What the repository has now, but nothing that is older than what it had. */
  TufTarget visit(TufFiles repository, Optional<TufTarget> former, Instant now)
      throws UnverifiedException {
    return new Visit(repository, former, Optional.of(now)).target();
  }

  static FileMeta snapshotOf(Metadata timestamp) throws UnverifiedException {
    return FileMeta.of(timestamp.signed().object("meta").object("snapshot.json"));
  }

  private final class Visit {
    private final TufFiles repository;
    private final Optional<TufTarget> former;
    private final Optional<Instant> now;
    private final Map<String, byte[]> files = new TreeMap<>();

    private Visit(TufFiles repository, Optional<TufTarget> former, Optional<Instant> now) {
      this.repository = repository;
      this.former = former;
      this.now = now;
    }

    private TufTarget target() throws UnverifiedException {
      var root = root();
      var timestamp = timestamp(root);
      var snapshot = snapshot(root, snapshotOf(timestamp));
      var targets =
          targets(root, FileMeta.of(snapshot.signed().object("meta").object("targets.json")));
      var content = content(targets);
      return new TufTarget(
          new Bytes(content), root, timestamp, snapshot, targets, Map.copyOf(files));
    }

    private Root root() throws UnverifiedException {
      var root = Root.pinned(anchor.root().array());
      for (var i = 0; i < MAX_ROOTS; i++) {
        var path = Root.file(root.metadata().version() + 1);
        var next = former.flatMap(before -> Optional.ofNullable(before.files().get(path)));
        if (next.isEmpty()) {
          next = repository.read(path, MAX_ROOT_BYTES);
        }
        if (next.isEmpty()) {
          requireFresh(root.metadata());
          return root;
        }
        root = root.next(next.get());
        files.put(path, next.get());
      }
      throw new UnverifiedException("there are more than %d new roots".formatted(MAX_ROOTS));
    }

    private Metadata timestamp(Root root) throws UnverifiedException {
      var bytes = read("timestamp.json", MAX_TIMESTAMP_BYTES);
      var timestamp = Metadata.parse("timestamp.json", "timestamp", bytes);
      root.timestamp().requireSigned(timestamp);
      if (former.isPresent()) {
        former.get().requireNotUndercutBy(root, timestamp);
      }
      requireFresh(timestamp);
      return timestamp;
    }

    private Metadata snapshot(Root root, FileMeta meta) throws UnverifiedException {
      var bytes = read(meta.version() + ".snapshot.json", meta.limit(MAX_SNAPSHOT_BYTES));
      meta.requireIs("snapshot.json", bytes);
      var snapshot = Metadata.parse("snapshot.json", "snapshot", bytes);
      root.snapshot().requireSigned(snapshot);
      snapshot.requireVersion(meta.version());
      if (former.isPresent()) {
        former.get().requireNotUndercutIn(root, snapshot);
      }
      requireFresh(snapshot);
      return snapshot;
    }

    private Metadata targets(Root root, FileMeta meta) throws UnverifiedException {
      var bytes = read(meta.version() + ".targets.json", meta.limit(MAX_TARGETS_BYTES));
      meta.requireIs("targets.json", bytes);
      var targets = Metadata.parse("targets.json", "targets", bytes);
      root.targets().requireSigned(targets);
      targets.requireVersion(meta.version());
      targets.requireNotBefore(anchor.targetsVersion());
      requireFresh(targets);
      return targets;
    }

    private byte[] content(Metadata targets) throws UnverifiedException {
      var name = TrustAnchor.TARGET;
      var meta = FileMeta.of(targets.signed().object("targets").object(name));
      var hash = meta.hashes().get("SHA-256");
      require(hash != null && meta.length().isPresent(), name + " has no length or no SHA-256");
      var content = read("targets/" + hash + "." + name, meta.limit(MAX_TARGET_BYTES));
      meta.requireIs(name, content);
      return content;
    }

    private byte[] read(String path, int maxBytes) throws UnverifiedException {
      var bytes =
          repository
              .read(path, maxBytes)
              .orElseThrow(() -> new UnverifiedException("there is no " + path));
      files.put(path, bytes);
      return bytes;
    }

    private void requireFresh(Metadata metadata) throws UnverifiedException {
      if (now.isPresent()) {
        metadata.requireFresh(now.get());
      }
    }
  }
}
