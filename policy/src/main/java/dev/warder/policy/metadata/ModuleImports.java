package dev.warder.policy.metadata;

import dev.warder.policy.metadata.WasmCursor.MalformedException;
import java.util.ArrayList;
import java.util.List;

/** The import section of a module. */
final class ModuleImports {
  private static final int ID = 2;
  private static final int FUNCTION = 0;
  private static final int TABLE = 1;
  private static final int MEMORY = 2;
  private static final int GLOBAL = 3;
  private static final int TAG = 4;

  /** A limit has a maximum when this bit is set. */
  private static final int HAS_MAXIMUM = 1;

  /** The types {@code (ref null ht)} and {@code (ref ht)}, which a heap type follows. */
  private static final int REF_NULL = 0x63;

  private static final int REF = 0x64;

  /**
   * One import, the bytes from start up to end.
   *
   * @param function whether it is a function
   * @param description where it says what it is, behind its names
   */
  record Import(
      String module, String field, boolean function, int start, int description, int end) {
    boolean isFunction(String inModule, String named) {
      return function && module.equals(inModule) && field.equals(named);
    }
  }

  private ModuleImports() {}

  /** The section, if there is one; a valid module has one at most. */
  static List<WasmSections.Section> sections(List<WasmSections.Section> all) {
    return all.stream().filter(section -> section.id() == ID).toList();
  }

  static List<Import> of(byte[] module, WasmSections.Section section) throws MalformedException {
    var cursor = new WasmCursor(module, section);
    var imports = new ArrayList<Import>();
    var count = cursor.count();
    for (var i = 0; i < count; i++) {
      var start = cursor.position();
      var from = cursor.name();
      var field = cursor.name();
      var description = cursor.position();
      var kind = cursor.next();
      skip(cursor, kind);
      imports.add(new Import(from, field, kind == FUNCTION, start, description, cursor.position()));
    }
    if (!cursor.atEnd()) {
      throw new MalformedException("something follows the imports, at byte " + cursor.position());
    }
    return imports;
  }

  private static void skip(WasmCursor cursor, int kind) throws MalformedException {
    switch (kind) {
      case FUNCTION -> cursor.skipNumber();
      case TABLE -> {
        skipType(cursor);
        skipLimits(cursor);
      }
      case MEMORY -> skipLimits(cursor);
      case GLOBAL -> {
        skipType(cursor);
        cursor.next();
      }
      case TAG -> {
        cursor.next();
        cursor.skipNumber();
      }
      default -> throw new MalformedException("an import has the unknown kind " + kind);
    }
  }

  private static void skipType(WasmCursor cursor) throws MalformedException {
    var type = cursor.next();
    if (type == REF || type == REF_NULL) {
      cursor.skipNumber();
    }
  }

  private static void skipLimits(WasmCursor cursor) throws MalformedException {
    var flags = cursor.next();
    cursor.skipNumber();
    if ((flags & HAS_MAXIMUM) != 0) {
      cursor.skipNumber();
    }
  }
}
