package dev.warder.policy.wasi.golang;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a module declares, as far as Go's compiler declares anything.
 *
 * @param types signatures, see {@link LayoutReader}
 * @param functions the types of the functions that are defined here
 * @param tableFrom where the first function stands in the table
 * @param table function indexes, in the order of the table
 * @param maxPages what memory may grow to, in pages of 64 KiB
 * @param exports functions by name
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Layout(
    List<String> types,
    List<Import> imports,
    int[] functions,
    int tableFrom,
    int[] table,
    Optional<Integer> maxPages,
    Map<String, Integer> exports,
    List<Body> bodies) {

  /** An imported function. */
  record Import(String module, String name, int type) {}

  /** Where the code of a function lies in the module. */
  record Body(int start, int end) {}

  int functionCount() {
    return imports.size() + functions.length;
  }

  boolean isImport(int function) {
    return function < imports.size();
  }

  /** The signature of any function of the module. */
  String signature(int function) {
    var type =
        isImport(function) ? imports.get(function).type() : functions[function - imports.size()];
    return types.get(type);
  }

  /** The code of a function that is defined here. */
  Body body(int function) {
    return bodies.get(function - imports.size());
  }
}
