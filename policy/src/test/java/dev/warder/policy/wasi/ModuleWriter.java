package dev.warder.policy.wasi;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Writes small modules, section by section in the order of the format. */
final class ModuleWriter {
  static final int I32_CONST = 0x41;
  static final int DROP = 0x1A;
  static final int END = 0x0B;
  static final int UNREACHABLE = 0x00;
  static final int IF = 0x04;
  static final int LOOP = 0x03;
  static final int BRANCH = 0x0C;
  static final int NOTHING = 0x40;
  static final int PREFIX = 0xFC;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ModuleWriter() {
    bytes(0, 'a', 's', 'm', 1, 0, 0, 0);
  }

  /** A module with one page of memory and a {@code _start} of this code. */
  static byte[] command(Consumer<ModuleWriter> code) {
    return new ModuleWriter().types().functions(1).memory(1, 2048).start().code(code).bytes();
  }

  /** The one type of all functions: nothing to nothing. */
  ModuleWriter types() {
    return section(1, it -> it.bytes(1, 0x60, 0, 0));
  }

  ModuleWriter functions(int count) {
    return section(
        3,
        it -> {
          it.number(count);
          for (int i = 0; i < count; i++) {
            it.number(0);
          }
        });
  }

  ModuleWriter table(int elements) {
    return section(4, it -> it.bytes(1, 0x70, 0).number(elements));
  }

  ModuleWriter memory(int pages, int limit) {
    return section(5, it -> it.bytes(1, 1).number(pages).number(limit));
  }

  /** Exports the first function as {@code _start} and the memory. */
  ModuleWriter start() {
    return section(7, it -> it.number(2).name("_start").bytes(0, 0).name("memory").bytes(2, 0));
  }

  ModuleWriter code(Consumer<ModuleWriter> body) {
    return section(10, it -> it.number(1).sized(inner -> body.accept(inner.number(0))));
  }

  ModuleWriter section(int id, Consumer<ModuleWriter> content) {
    out.write(id);
    return sized(content);
  }

  private ModuleWriter sized(Consumer<ModuleWriter> content) {
    var inner = new ModuleWriter();
    inner.out.reset();
    content.accept(inner);
    number(inner.out.size());
    out.writeBytes(inner.out.toByteArray());
    return this;
  }

  ModuleWriter name(String text) {
    var utf8 = Modules.utf8(text);
    number(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  ModuleWriter constant(int value) {
    out.write(I32_CONST);
    var rest = value;
    while (rest < -64 || rest > 63) {
      out.write((rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    out.write(rest & 0x7F);
    return this;
  }

  ModuleWriter number(int unsigned) {
    var rest = unsigned;
    while (rest > 0x7F) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return this;
  }

  ModuleWriter bytes(int... values) {
    for (var value : values) {
      out.write(value);
    }
    return this;
  }

  ModuleWriter bytes(byte[] values) {
    out.writeBytes(values);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
