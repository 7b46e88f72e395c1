package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The size and root of a log as a signed note (C2SP tlog-checkpoint).
 *
 * @param note what the signatures are over
 */
record Checkpoint(
    String origin, long treeSize, Bytes rootHash, String note, List<Signature> signatures) {
  private static final int MAX_CHARS = 16 << 10;
  private static final int MAX_SIGNATURES = 32;
  private static final int HINT_BYTES = 4;
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern SIGNATURE = Pattern.compile("— ([^ ]++) ([A-Za-z0-9+/=]++)");

  /** Origins of Rekor's first generation end in the number of a tree. */
  private static final Pattern WITH_TREE = Pattern.compile(".+ - [0-9]+");

  /** One line of signature; the hint tells keys apart and proves nothing. */
  record Signature(String name, Bytes hint, Bytes signature) {}

  static Checkpoint parse(String text) throws UnverifiedException {
    require(text.length() <= MAX_CHARS, "its checkpoint is larger than " + MAX_CHARS);
    var end = text.lastIndexOf("\n\n");
    require(
        end >= 0 && end + 2 < text.length() && text.endsWith("\n"),
        "its checkpoint is no signed note");
    var note = text.substring(0, end + 1);
    var lines = note.split("\n", -1);
    require(
        lines.length > 3 && !lines[0].isEmpty() && SIZE.matcher(lines[1]).matches(),
        "its checkpoint has no origin and size");
    var signatures = new ArrayList<Signature>();
    for (var line : text.substring(end + 2, text.length() - 1).split("\n", -1)) {
      require(signatures.size() < MAX_SIGNATURES, "its checkpoint has too many signatures");
      signatures.add(signature(line));
    }
    return new Checkpoint(
        lines[0],
        Long.parseLong(lines[1]),
        Bytes.ofBase64(lines[2])
            .orElseThrow(() -> new UnverifiedException("its checkpoint has no root hash")),
        note,
        List.copyOf(signatures));
  }

  private static Signature signature(String line) throws UnverifiedException {
    var matcher = SIGNATURE.matcher(line);
    var bytes = matcher.matches() ? Bytes.ofBase64(matcher.group(2)) : Optional.<Bytes>empty();
    require(
        bytes.isPresent() && bytes.get().length() > HINT_BYTES,
        "a signature of its checkpoint cannot be read");
    var array = bytes.orElseThrow().array();
    return new Signature(
        matcher.group(1),
        new Bytes(Arrays.copyOf(array, HINT_BYTES)),
        new Bytes(Arrays.copyOfRange(array, HINT_BYTES, array.length)));
  }

  /** Whether the log signed it; what witnesses signed does not matter. */
  boolean isSignedBy(TransparencyLog log) {
    var signed = note.getBytes(StandardCharsets.UTF_8);
    return (WITH_TREE.matcher(origin).matches() || origin.equals(log.host()))
        && signatures.stream()
            .filter(signature -> log.id().startsWith(signature.hint().array()))
            .anyMatch(signature -> log.key().verifies(signed, signature.signature().array()));
  }
}
