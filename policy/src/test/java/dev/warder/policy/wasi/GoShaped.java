package dev.warder.policy.wasi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes the smallest module with the shape that Go's compiler gives: imports 0 to 3, then {@code
 * _start} (4), the runtime's entry (5), the loop (6), and a wrapper per import (7 to 10).
 */
final class GoShaped {
  static final int ARGS_SIZES_GET = 0;
  static final int FD_READ = 2;
  static final int FIRST_WRAPPER = 7;

  /** Where the table begins, and with it function 4. */
  static final int TABLE_FROM = 4096;

  private static final int PLAIN = 0;
  private static final int RESUMABLE = 1;
  private static final int TWO = 2;
  private static final int FOUR = 3;

  private final Map<Integer, Consumer<ModuleWriter>> sections = new TreeMap<>();
  private final List<int[]> bodies = new ArrayList<>();
  private final Map<Integer, int[]> locals = new HashMap<>(Map.of(6, new int[] {1, 1, 0x7f}));
  private String section = "io.kubewarden.metadata";
  private String annotations = "{}";

  GoShaped() {
    sections.put(
        1,
        it ->
            it.number(4)
                .bytes(0x60, 0, 0)
                .bytes(0x60, 1, 0x7f, 1, 0x7f)
                .bytes(0x60, 2, 0x7f, 0x7f, 1, 0x7f)
                .bytes(0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f));
    sections.put(
        2,
        it -> {
          it.number(4);
          wasi(it, "args_sizes_get", TWO);
          wasi(it, "args_get", TWO);
          wasi(it, "fd_read", FOUR);
          wasi(it, "fd_read", FOUR);
        });
    sections.put(
        3,
        it ->
            it.number(7)
                .bytes(PLAIN, RESUMABLE, PLAIN)
                .bytes(RESUMABLE, RESUMABLE, RESUMABLE, RESUMABLE));
    sections.put(4, it -> it.bytes(1, 0x70, 0).number(TABLE_FROM + 7));
    sections.put(5, it -> it.bytes(1, 0, 1));
    sections.put(6, it -> globals(it, "illlllli"));
    sections.put(7, it -> it.number(2).name("_start").bytes(0, 4).name("memory").bytes(2, 0));
    sections.put(
        9,
        it ->
            it.bytes(1, 0).constant(TABLE_FROM).bytes(0x0b).number(7).bytes(4, 5, 6, 7, 8, 9, 10));
    sections.put(11, it -> it.number(0));
    bodies.add(
        new int[] {0x41, 0xc0, 0, 0x24, 0, 0x41, 0, 0x10, 5, 0x1a, 0x10, 6, 0x0f, 0x00, 0x0b});
    bodies.add(new int[] {0x41, 0, 0x0b});
    bodies.add(LOOP.clone());
    bodies.add(wrapper(0, 2));
    bodies.add(wrapper(1, 2));
    bodies.add(wrapper(2, 4));
    bodies.add(wrapper(3, 4));
  }

  /** Calls what the 2 and 4 bytes at SP-8 and SP-6 name, until PAUSE. */
  static final int[] LOOP = {
    0x23, 7, 0x45, 0x04, 0x40, 0x03, 0x40, 0x23, 0, 0x41, 8, 0x6b, 0x2f, 0, 0, 0x23, 0, 0x41, 8,
    0x6b, 0x28, 0, 2, 0x11, 1, 0, 0x1a, 0x23, 7, 0x45, 0x0d, 0, 0x0b, 0x0b, 0x41, 0, 0x24, 7, 0x0f,
    0x00, 0x0b
  };

  /** The same as a tool leaves it that keeps SP-8 in a local variable. */
  static final int[] LOOP_WITH_LOCAL = {
    0x23, 7, 0x45, 0x04, 0x40, 0x03, 0x40, 0x23, 0, 0x41, 0x78, 0x6a, 0x22, 0, 0x2f, 0, 0, 0x20, 0,
    0x28, 0, 2, 0x11, 1, 0, 0x1a, 0x23, 7, 0x45, 0x0d, 0, 0x0b, 0x0b, 0x41, 0, 0x24, 7, 0x0b
  };

  /** Reads its arguments from the stack, calls, and returns. */
  static int[] wrapper(int imported, int arguments) {
    var code = new ArrayList<Integer>();
    for (int i = 0; i < arguments; i++) {
      code.addAll(List.of(0x23, 0, 0x28, 0, 8 + 8 * i));
    }
    code.addAll(List.of(0x10, imported, 0x1a));
    code.addAll(List.of(0x23, 0, 0x41, 8, 0x6a, 0x24, 0, 0x41, 0, 0x0b));
    return code.stream().mapToInt(Integer::intValue).toArray();
  }

  static void wasi(ModuleWriter out, String name, int type) {
    out.name("wasi_snapshot_preview1").name(name).bytes(0, type);
  }

  /** A letter per global, as for a signature; a capital one cannot be changed. */
  static void globals(ModuleWriter out, String types) {
    out.number(types.length());
    for (int i = 0; i < types.length(); i++) {
      var type = types.charAt(i);
      var wide = Character.toLowerCase(type) == 'l';
      out.bytes(wide ? 0x7e : 0x7f, Character.isLowerCase(type) ? 1 : 0);
      out.bytes(wide ? 0x42 : 0x41, 0, 0x0b);
    }
  }

  GoShaped section(int id, Consumer<ModuleWriter> content) {
    sections.put(id, content);
    return this;
  }

  GoShaped without(int id) {
    sections.remove(id);
    return this;
  }

  /** Another body for a function, its local variables left out. */
  GoShaped body(int function, int... code) {
    bodies.set(function - 4, code);
    return this;
  }

  /**
   * The runtime's entry as a function with a table: it counts down from 5 in one block, and goes
   * round through another one, which reads what the first one set.
   */
  GoShaped withTable() {
    locals.put(5, new int[] {2, 1, 0x7f, 2, 0x7e});
    return body(
        5,
        new int[] {
          0x23, 0, 0x21, 1, 0x02, 0x40, 0x03, 0x40, 0x02, 0x40, 0x02, 0x40, 0x02, 0x40, 0x20, 0,
          0x0e, 3, 0, 1, 1, 2, 0x0b, 0x42, 5, 0x21, 2, 0x0b, 0x20, 2, 0x42, 1, 0x7d, 0x22, 2, 0x42,
          0, 0x57, 0x04, 0x40, 0x41, 3, 0x21, 0, 0x0c, 2, 0x0b, 0x20, 3, 0x42, 3, 0x7c, 0x21, 3,
          0x41, 0, 0x0d, 2, 0x41, 1, 0x01, 0x21, 0, 0x0c, 1, 0x0b, 0x20, 1, 0x20, 3, 0x37, 3, 64,
          0x41, 0, 0x0f, 0x0b, 0x00, 0x0b, 0x41, 1, 0x0b
        });
  }

  GoShaped annotations(String json) {
    annotations = json;
    return this;
  }

  /** Leaves the metadata out. */
  GoShaped mute() {
    section = "another";
    return this;
  }

  byte[] bytes() {
    if (!sections.containsKey(10)) {
      sections.put(10, this::code);
    }
    var out = new ModuleWriter();
    sections.forEach(out::section);
    return out.section(
            0,
            it ->
                it.name(section)
                    .bytes(
                        Modules.utf8(
                            "{\"rules\":[],\"mutating\":false,\"executionMode\":\"wasi\",\"new\":1,"
                                + "\"annotations\":"
                                + annotations
                                + "}")))
        .bytes();
  }

  private void code(ModuleWriter out) {
    out.number(bodies.size());
    for (int i = 0; i < bodies.size(); i++) {
      var body = bodies.get(i);
      var declared = locals.getOrDefault(4 + i, new int[] {0});
      out.number(declared.length + body.length).bytes(declared).bytes(body);
    }
  }
}
