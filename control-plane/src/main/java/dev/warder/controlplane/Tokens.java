package dev.warder.controlplane;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Tokens that kube-apiserver is given at its start. */
final class Tokens {

  private static final int BYTES = 32;

  private Tokens() {}

  static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A line of a token file: token, user, user id, groups. */
  static String adminLine(String token) {
    return token + ",admin,admin,\"system:masters\"\n";
  }
}
