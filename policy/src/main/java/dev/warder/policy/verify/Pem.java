package dev.warder.policy.verify;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Exactly one PEM block and white space around it; of two blocks it would be unclear which counts.
 */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile(
          "\\s*+-----BEGIN ([A-Z0-9 ]{1,40})-----\\s++([A-Za-z0-9+/=\\s]++)-----END \\1-----\\s*+");
  private static final Pattern SPACE = Pattern.compile("\\s++");

  private Pem() {}

  /** The content of the only block, if it has that label. */
  public static Optional<Bytes> decode(String text, String label) {
    var block = BLOCK.matcher(text);
    return block.matches() && block.group(1).equals(label)
        ? Bytes.ofBase64(SPACE.matcher(block.group(2)).replaceAll(""))
        : Optional.empty();
  }

  static String encode(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), label);
  }
}
