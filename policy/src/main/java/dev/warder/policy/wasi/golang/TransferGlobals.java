package dev.warder.policy.wasi.golang;

import java.util.HashMap;

/** The globals that a split module has besides; all functions that are split share them. */
final class TransferGlobals {
  private final int first;
  private final StringBuilder types = new StringBuilder("i");

  TransferGlobals(int first) {
    this.first = first;
  }

  /**
   * The types of those that have been given out, in order; the first one holds the number to go on
   * with.
   */
  String types() {
    return types.toString();
  }

  SplitFunction.Transfer of(GoFunction function) {
    var locals = function.locals();
    var global = new int[locals.length()];
    var used = new HashMap<Character, Integer>();
    for (int local = 1; local < global.length; local++) {
      var type = locals.charAt(local);
      global[local] = first + place(type, used.merge(type, 1, Integer::sum));
    }
    return new SplitFunction.Transfer(first, global);
  }

  /** Where the global of that type and number is, after the first one; made if need be. */
  private int place(char type, int number) {
    var seen = 0;
    for (int i = 1; i < types.length(); i++) {
      seen += types.charAt(i) == type ? 1 : 0;
      if (seen == number) {
        return i;
      }
    }
    types.append(type);
    return types.length() - 1;
  }
}
