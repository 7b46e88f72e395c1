package dev.warder.policy.tuf;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.StrictJson;
import dev.warder.policy.verify.UnverifiedException;
import java.util.HashMap;
import java.util.Map;

/** Whose signatures count, said by those whose signatures counted before. */
record Root(Metadata metadata, Role root, Role timestamp, Role snapshot, Role targets) {
  private static final int MAX_KEYS = 64;

  /** One that is believed without a signature of others, but its own. */
  static Root pinned(byte[] bytes) throws UnverifiedException {
    var root = parse(Metadata.parse("the root.json of this release", "root", bytes));
    root.root().requireSigned(root.metadata());
    return root;
  }

  /** The next one, which both must have signed. */
  Root next(byte[] bytes) throws UnverifiedException {
    var expected = metadata.version() + 1;
    var next = Metadata.parse(file(expected), "root", bytes);
    root.requireSigned(next);
    next.requireVersion(expected);
    var parsed = parse(next);
    parsed.root().requireSigned(next);
    return parsed;
  }

  static String file(long version) {
    return version + ".root.json";
  }

  private static Root parse(Metadata metadata) throws UnverifiedException {
    var signed = metadata.signed();
    require(
        signed.node().path("consistent_snapshot").asBoolean(),
        metadata.name() + " is of a repository without consistent snapshots");
    var keys = new HashMap<String, TufKey>();
    var known = signed.object("keys");
    require(known.node().size() <= MAX_KEYS, metadata.name() + " has too many keys");
    for (var entry : known.node().properties()) {
      TufKey.of(known.object(entry.getKey())).ifPresent(key -> keys.put(entry.getKey(), key));
    }
    var roles = signed.object("roles");
    return new Root(
        metadata,
        role(roles, "root", keys),
        role(roles, "timestamp", keys),
        role(roles, "snapshot", keys),
        role(roles, "targets", keys));
  }

  private static Role role(StrictJson roles, String name, Map<String, TufKey> keys)
      throws UnverifiedException {
    var json = roles.object(name);
    var threshold = json.number("threshold");
    require(threshold > 0, json.what() + ".threshold is 0");
    var own = new HashMap<String, TufKey>();
    for (var id : json.node().path("keyids")) {
      var key = keys.get(id.asText());
      if (key != null) {
        own.put(id.asText(), key);
      }
    }
    return new Role(Map.copyOf(own), threshold);
  }
}
