package dev.warder.policy.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Documents that are almost right. A property that uses these runs {@link #TRIES} times; the system
 * property {@code warder.fuzz.inputs} says how many inputs it makes in all: {@code
 * -Dwarder.fuzz.inputs=1000000}.
 */
public final class Fuzz {
  /** How often a property runs, each time with a share of the inputs. */
  public static final int TRIES = 100;

  private static final int INPUTS = Integer.getInteger("warder.fuzz.inputs", 5_000);
  private static final int MAX_CHANGES = 4;
  private static final int LONGEST_GAP = 40;
  private static final byte[] TOKENS =
      "{}[]\",:\\\n\0-—*&!|>0129e.AZaz/+=é".getBytes(StandardCharsets.UTF_8);

  private Fuzz() {}

  /** Makes changed copies of a document, as many as one run of a property has. */
  public static void changed(long seed, byte[] document, Consumer<byte[]> check) {
    var random = new Random(seed);
    for (int i = 0; i < share(1); i++) {
      check.accept(changed(document, random));
    }
  }

  /**
   * How many inputs one run of a property has.
   *
   * @param cost how many times the usual work one input takes
   */
  public static int share(int cost) {
    return Math.max(1, INPUTS / cost / TRIES);
  }

  /** Bytes of the grammar in other places, parts doubled, moved and cut. */
  public static byte[] changed(byte[] document, Random random) {
    var bytes = document.clone();
    for (int changes = 1 + random.nextInt(MAX_CHANGES); changes > 0; changes--) {
      var at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = TOKENS[random.nextInt(TOKENS.length)];
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = doubled(bytes, at, random.nextInt(bytes.length - at));
        case 3 ->
            bytes =
                without(bytes, at, random.nextInt(1 + Math.min(LONGEST_GAP, bytes.length - at)));
        default ->
            System.arraycopy(
                bytes, at, bytes, random.nextInt(at + 1), random.nextInt(bytes.length - at));
      }
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return bytes;
  }

  private static byte[] doubled(byte[] bytes, int at, int length) {
    var doubled = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(bytes, at, doubled, at + length, bytes.length - at);
    return doubled;
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    var rest = Arrays.copyOf(bytes, bytes.length - length);
    System.arraycopy(bytes, at + length, rest, at, bytes.length - length - at);
    return rest;
  }
}
