package dev.warder.policy.tuf;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.StrictJson;
import dev.warder.policy.verify.UnverifiedException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What signed metadata says of another file.
 *
 * @param length in bytes, or what it may have at most if nothing is said
 * @param hashes in hexadecimal, by the JDK's name of the algorithm
 */
record FileMeta(StrictJson json, Optional<Long> length, Map<String, String> hashes) {
  private static final Map<String, String> ALGORITHMS =
      Map.of("sha256", "SHA-256", "sha512", "SHA-512");

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64,128}");

  static FileMeta of(StrictJson json) throws UnverifiedException {
    require(!json.node().isMissingNode(), json.what() + " is missing");
    var hashes = new TreeMap<String, String>();
    for (var algorithm : ALGORITHMS.entrySet()) {
      json.object("hashes")
          .optionalText(algorithm.getKey())
          .ifPresent(hash -> hashes.put(algorithm.getValue(), hash));
    }
    require(
        hashes.values().stream().allMatch(hash -> HEX.matcher(hash).matches()),
        json.what() + ".hashes is not hexadecimal");
    return new FileMeta(
        json,
        json.has("length") ? Optional.of(json.number("length")) : Optional.empty(),
        Map.copyOf(hashes));
  }

  long version() throws UnverifiedException {
    return json.number("version");
  }

  /** How much of it may be read. */
  int limit(int most) throws UnverifiedException {
    require(length.orElse(0L) <= most, "%s is larger than %d bytes".formatted(json.what(), most));
    return length.map(Math::toIntExact).orElse(most);
  }

  void requireIs(String name, byte[] bytes) throws UnverifiedException {
    require(
        length.isEmpty() || length.get() == bytes.length,
        "%s has %d bytes instead of the %d that are signed"
            .formatted(name, bytes.length, length.orElse(0L)));
    for (var hash : hashes.entrySet()) {
      require(
          hash(hash.getKey(), bytes).equals(hash.getValue()),
          "%s does not have the %s that is signed".formatted(name, hash.getKey()));
    }
  }

  private static String hash(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
