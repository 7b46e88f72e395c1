package dev.warder.policy.wasi.golang;

import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.WasmSections;
import dev.warder.policy.metadata.WasmSections.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a module declares, and refuses what Go's compiler never does: imports that are no
 * functions, a start function, anything but one memory, one table and eight globals.
 *
 * <p>A signature is a text: a letter per parameter, a colon, a letter per result; {@code i} and
 * {@code l} are integers of 32 and 64 bits, {@code f} and {@code d} floating point.
 */
final class LayoutReader {
  private static final int FUNCTION_TYPE = 0x60;
  private static final int FUNCTION_REFERENCE = 0x70;
  private static final String VALUE_TYPES = "dfli";
  private static final int FIRST_VALUE_TYPE = 0x7c;
  private static final int MAX_PAGES = 65_536;
  private static final int MAX_IMPORTS = 1000;

  /** Where the table's functions begin: Go keeps smaller numbers free to find wild pointers. */
  private static final int TABLE_FROM = 4096;

  private final byte[] module;
  private final Map<Integer, Section> sections = new HashMap<>();

  private LayoutReader(byte[] module) {
    this.module = module;
  }

  static Layout read(byte[] module) throws UnsuitableException {
    return switch (WasmSections.of(module)) {
      case Outcome.Done<List<Section>>(var sections) -> new LayoutReader(module).read(sections);
      case Outcome.Failed<List<Section>>(var failure) ->
          throw UnsuitableException.malformed(failure.message());
    };
  }

  private Layout read(List<Section> all) throws UnsuitableException {
    for (var section : all) {
      if (section.id() != SectionId.CUSTOM && sections.put(section.id(), section) != null) {
        throw UnsuitableException.malformed("it has two sections of number " + section.id());
      }
      if (section.id() > SectionId.DATA_COUNT) {
        throw UnsuitableException.notGo("it has a section of number " + section.id());
      }
    }
    if (sections.containsKey(SectionId.START)) {
      throw UnsuitableException.notGo("it has a start section");
    }
    var types = types();
    var imports = imports(types.size());
    var functions = functions(types.size());
    var total = imports.size() + functions.length;
    globals();
    var table = elements(total, tableSize());
    var memory = open(SectionId.MEMORY, "memory");
    var limits = limits(memory, MAX_PAGES, "memory");
    close(memory);
    return new Layout(
        types,
        imports,
        functions,
        TABLE_FROM,
        table,
        Optional.ofNullable(limits.maximum()),
        exports(total),
        bodies(functions.length));
  }

  private List<String> types() throws UnsuitableException {
    var in = open(SectionId.TYPE, "types");
    var types = new ArrayList<String>();
    for (int count = in.count(); count > 0; count--) {
      if (in.u8() != FUNCTION_TYPE) {
        throw UnsuitableException.notGo("it has types that are not functions");
      }
      types.add(valueTypes(in) + ":" + valueTypes(in));
    }
    close(in);
    return types;
  }

  private static String valueTypes(ByteCursor in) throws UnsuitableException {
    var text = new StringBuilder();
    for (int count = in.count(); count > 0; count--) {
      text.append(valueType(in));
    }
    return text.toString();
  }

  static char valueType(ByteCursor in) throws UnsuitableException {
    var type = in.u8() - FIRST_VALUE_TYPE;
    if (type < 0 || type >= VALUE_TYPES.length()) {
      throw UnsuitableException.notGo("it has values that are not numbers");
    }
    return VALUE_TYPES.charAt(type);
  }

  /** The byte that stands for a type in a module. */
  static int valueType(char type) {
    return FIRST_VALUE_TYPE + VALUE_TYPES.indexOf(type);
  }

  private List<Layout.Import> imports(int types) throws UnsuitableException {
    var in = open(SectionId.IMPORT, "imports");
    var imports = new ArrayList<Layout.Import>();
    var wanted = in.count();
    if (wanted > MAX_IMPORTS) {
      throw UnsuitableException.notGo("it has more than %d imports".formatted(MAX_IMPORTS));
    }
    for (int count = wanted; count > 0; count--) {
      var from = in.name();
      var name = in.name();
      if (in.u8() != 0) {
        throw UnsuitableException.notGo("it imports something that is not a function");
      }
      imports.add(new Layout.Import(from, name, index(in, types, "type")));
    }
    close(in);
    return imports;
  }

  private int[] functions(int types) throws UnsuitableException {
    var in = open(SectionId.FUNCTION, "functions");
    var functions = new int[in.count()];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = index(in, types, "type");
    }
    close(in);
    return functions;
  }

  private int tableSize() throws UnsuitableException {
    var in = open(SectionId.TABLE, "table");
    one(in, "table");
    if (in.u8() != FUNCTION_REFERENCE) {
      throw UnsuitableException.notGo("its table does not hold functions");
    }
    var limits = sized(in, Integer.MAX_VALUE, "table");
    close(in);
    return limits.minimum();
  }

  private record Limits(int minimum, @Nullable Integer maximum) {}

  private static Limits limits(ByteCursor in, int most, String what) throws UnsuitableException {
    one(in, what);
    return sized(in, most, what);
  }

  private static Limits sized(ByteCursor in, int most, String what) throws UnsuitableException {
    var flags = in.u8();
    if (flags > 1) {
      throw UnsuitableException.notGo("its %s is of another kind".formatted(what));
    }
    var minimum = in.u32();
    var maximum = flags == 0 ? null : Integer.valueOf(in.u32());
    if (minimum > most || (maximum != null && (maximum > most || maximum < minimum))) {
      throw UnsuitableException.malformed("the limits of its %s are wrong".formatted(what));
    }
    return new Limits(minimum, maximum);
  }

  private void globals() throws UnsuitableException {
    var in = open(SectionId.GLOBAL, "globals");
    var found = new StringBuilder();
    for (int count = in.count(); count > 0; count--) {
      var type = valueType(in);
      var mutable = in.u8();
      constant(in, type);
      found.append(mutable == 1 ? type : Character.toUpperCase(type));
    }
    close(in);
    if (!found.toString().equals(Globals.TYPES)) {
      throw UnsuitableException.notGo(
          "its globals are not the stack pointer, the registers and the pause flag");
    }
  }

  private static long constant(ByteCursor in, char type) throws UnsuitableException {
    var opcode = in.u8();
    var fits = type == 'i' ? opcode == Opcode.I32_CONST : opcode == Opcode.I64_CONST;
    if (!fits) {
      throw UnsuitableException.notGo("an initial value is not a constant");
    }
    var value = in.signed(type == 'i' ? 32 : 64);
    if (in.u8() != Opcode.END) {
      throw UnsuitableException.notGo("an initial value is not a constant");
    }
    return value;
  }

  private int[] elements(int functions, int tableSize) throws UnsuitableException {
    var in = open(SectionId.ELEMENT, "element segment");
    one(in, "element segment");
    if (in.u32() != 0 || constant(in, 'i') != TABLE_FROM) {
      throw UnsuitableException.notGo(
          "its functions do not stand in the table from " + TABLE_FROM + " on");
    }
    var table = new int[in.count()];
    for (int i = 0; i < table.length; i++) {
      table[i] = index(in, functions, "function");
    }
    close(in);
    if (tableSize - TABLE_FROM < table.length) {
      throw UnsuitableException.malformed("its table is too small for its functions");
    }
    return table;
  }

  private Map<String, Integer> exports(int functions) throws UnsuitableException {
    var in = open(SectionId.EXPORT, "exports");
    var exports = new HashMap<String, Integer>();
    for (int count = in.count(); count > 0; count--) {
      var name = in.name();
      if (in.u8() == 0) {
        exports.put(name, index(in, functions, "function"));
      } else {
        in.u32();
      }
    }
    close(in);
    return exports;
  }

  private List<Layout.Body> bodies(int functions) throws UnsuitableException {
    var in = open(SectionId.CODE, "code");
    var bodies = new ArrayList<Layout.Body>();
    for (int count = in.count(); count > 0; count--) {
      var size = in.u32();
      var start = in.position();
      in.skip(size);
      bodies.add(new Layout.Body(start, in.position()));
    }
    close(in);
    if (bodies.size() != functions) {
      throw UnsuitableException.malformed("it has functions without code, or code without them");
    }
    return bodies;
  }

  private ByteCursor open(int id, String what) throws UnsuitableException {
    var section = sections.get(id);
    if (section == null) {
      throw UnsuitableException.notGo("it has no " + what);
    }
    return new ByteCursor(module, section.content(), section.end());
  }

  private static void close(ByteCursor in) throws UnsuitableException {
    if (!in.atEnd()) {
      throw UnsuitableException.malformed("a section is longer than what it holds");
    }
  }

  private static void one(ByteCursor in, String what) throws UnsuitableException {
    if (in.u32() != 1) {
      throw UnsuitableException.notGo("it has more than one %s, or none".formatted(what));
    }
  }

  private static int index(ByteCursor in, int limit, String what) throws UnsuitableException {
    var index = in.u32();
    if (index >= limit) {
      throw UnsuitableException.malformed("it has no %s of number %d".formatted(what, index));
    }
    return index;
  }
}
