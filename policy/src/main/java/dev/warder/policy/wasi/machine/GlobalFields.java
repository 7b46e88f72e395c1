package dev.warder.policy.wasi.machine;

/**
 * The first globals of an instance, as fields that compiled code reads and writes directly. Each
 * holds the raw bits of its value.
 */
@SuppressWarnings("checkstyle:VisibilityModifier")
public abstract sealed class GlobalFields permits LinearMemory {
  /** How many globals have a field of their own. */
  public static final int NAMED = 16;

  /** How many globals live here: those that have a field, and those in an array. */
  public static final int COUNT = 80;

  private final long[] others = new long[COUNT - NAMED];

  public long g0;
  public long g1;
  public long g2;
  public long g3;
  public long g4;
  public long g5;
  public long g6;
  public long g7;
  public long g8;
  public long g9;
  public long g10;
  public long g11;
  public long g12;
  public long g13;
  public long g14;
  public long g15;

  /** The raw bits of a global below {@link #COUNT}. */
  public final long global(int index) {
    return switch (index) {
      case 0 -> g0;
      case 1 -> g1;
      case 2 -> g2;
      case 3 -> g3;
      case 4 -> g4;
      case 5 -> g5;
      case 6 -> g6;
      case 7 -> g7;
      case 8 -> g8;
      case 9 -> g9;
      case 10 -> g10;
      case 11 -> g11;
      case 12 -> g12;
      case 13 -> g13;
      case 14 -> g14;
      case 15 -> g15;
      default -> others[index - NAMED];
    };
  }

  /** Sets the raw bits of a global below {@link #COUNT}. */
  public final void setGlobal(int index, long bits) {
    switch (index) {
      case 0 -> g0 = bits;
      case 1 -> g1 = bits;
      case 2 -> g2 = bits;
      case 3 -> g3 = bits;
      case 4 -> g4 = bits;
      case 5 -> g5 = bits;
      case 6 -> g6 = bits;
      case 7 -> g7 = bits;
      case 8 -> g8 = bits;
      case 9 -> g9 = bits;
      case 10 -> g10 = bits;
      case 11 -> g11 = bits;
      case 12 -> g12 = bits;
      case 13 -> g13 = bits;
      case 14 -> g14 = bits;
      case 15 -> g15 = bits;
      default -> others[index - NAMED] = bits;
    }
  }
}
