package dev.warder.policy.verify;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes that log entries and bundles name. */
enum HashAlgorithm {
  SHA_256("sha256", "SHA2_256", "SHA-256"),
  SHA_384("sha384", "SHA2_384", "SHA-384"),
  SHA_512("sha512", "SHA2_512", "SHA-512");

  private final String rekorName;
  private final String bundleName;
  private final String javaName;

  HashAlgorithm(String rekorName, String bundleName, String javaName) {
    this.rekorName = rekorName;
    this.bundleName = bundleName;
    this.javaName = javaName;
  }

  static HashAlgorithm named(String name) throws UnverifiedException {
    for (var algorithm : values()) {
      if (algorithm.rekorName.equals(name) || algorithm.bundleName.equals(name)) {
        return algorithm;
      }
    }
    throw new UnverifiedException("it names a hash that is not SHA-256, -384 or -512");
  }

  Bytes of(byte[] content) {
    try {
      return new Bytes(MessageDigest.getInstance(javaName).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-2", e);
    }
  }
}
