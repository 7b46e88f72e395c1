package dev.warder.policy.tuf;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.Bytes;
import dev.warder.policy.verify.StrictJson;
import dev.warder.policy.verify.UnverifiedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of metadata, which says nothing until a {@link Role} has signed it.
 *
 * @param canonical what the signatures are over
 */
record Metadata(
    String name,
    StrictJson signed,
    Bytes canonical,
    List<KeySignature> signatures,
    long version,
    Instant expires) {
  private static final int MAX_SIGNATURES = 64;

  /** By the key of that name, it says. */
  record KeySignature(String keyId, Bytes signature) {}

  static Metadata parse(String name, String type, byte[] bytes) throws UnverifiedException {
    var json = StrictJson.read(name, bytes);
    var signed = json.object("signed");
    require(signed.text("_type").equals(type), name + " is not of type " + type);
    require(signed.text("spec_version").startsWith("1."), name + " is not of TUF 1");
    var version = signed.number("version");
    require(version > 0, name + " has no version");
    return new Metadata(
        name,
        signed,
        new Bytes(CanonicalJson.of(signed.node())),
        signatures(json),
        version,
        time(name, signed.text("expires")));
  }

  private static List<KeySignature> signatures(StrictJson json) throws UnverifiedException {
    var signatures = new ArrayList<KeySignature>();
    for (var signature : json.objects("signatures", MAX_SIGNATURES)) {
      // Those who have not signed yet are there with an empty signature.
      var bytes = TufKey.hex(signature.text("sig"));
      bytes.ifPresent(found -> signatures.add(new KeySignature(id(signature), found)));
    }
    return List.copyOf(signatures);
  }

  private static String id(StrictJson signature) {
    return signature.node().path("keyid").asText();
  }

  private static Instant time(String name, String text) throws UnverifiedException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException _) {
      throw new UnverifiedException(name + " expires at a time that is not RFC 3339");
    }
  }

  void requireFresh(Instant now) throws UnverifiedException {
    require(
        now.isBefore(expires), "%s of version %d expired at %s".formatted(name, version, expires));
  }

  void requireVersion(long expected) throws UnverifiedException {
    require(
        version == expected, "%s has version %d instead of %d".formatted(name, version, expected));
  }

  void requireNotBefore(long former) throws UnverifiedException {
    require(
        version >= former,
        "%s has version %d although version %d was there before".formatted(name, version, former));
  }
}
