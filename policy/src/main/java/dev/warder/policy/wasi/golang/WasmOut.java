package dev.warder.policy.wasi.golang;

import dev.warder.policy.metadata.WasmSections.Section;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Writes the numbers, sections and instructions of the WebAssembly format. */
final class WasmOut {
  private static final int BYTE_ALIGNED = 0;

  private final ByteArrayOutputStream out;

  WasmOut(int expectedBytes) {
    out = new ByteArrayOutputStream(expectedBytes);
  }

  /** LEB128. */
  WasmOut number(int unsigned) {
    var rest = unsigned;
    while (Integer.compareUnsigned(rest, 0x7f) > 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return this;
  }

  /** LEB128 with sign. */
  WasmOut signed(long value) {
    var rest = value;
    while (rest < -64 || rest > 63) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    out.write((int) (rest & 0x7f));
    return this;
  }

  WasmOut bytes(byte[] bytes, int start, int end) {
    out.write(bytes, start, end - start);
    return this;
  }

  WasmOut section(int id, Consumer<WasmOut> content) {
    out.write(id);
    return sized(content);
  }

  WasmOut sized(Consumer<WasmOut> content) {
    var inner = new WasmOut(1024);
    content.accept(inner);
    number(inner.out.size());
    out.writeBytes(inner.out.toByteArray());
    return this;
  }

  /**
   * A section's content with another number of items before it, for those that are added to follow.
   */
  WasmOut itemsOf(byte[] module, Section section, int items) {
    var content = section.content();
    while (module[content] < 0) {
      content++;
    }
    return number(items).bytes(module, content + 1, section.end());
  }

  /** Instructions without operands, and other single bytes. */
  WasmOut code(int... opcodes) {
    for (var opcode : opcodes) {
      if (opcode > 0xff) {
        out.write(opcode >> 8);
      }
      out.write(opcode);
    }
    return this;
  }

  WasmOut code(int opcode, int operand) {
    return code(opcode).number(operand);
  }

  WasmOut i32(int value) {
    return code(Opcode.I32_CONST).signed(value);
  }

  WasmOut i64(long value) {
    return code(Opcode.I64_CONST).signed(value);
  }

  /** Loads from a place that is known. */
  WasmOut load(int opcode, int address) {
    return i32(0).code(opcode).number(BYTE_ALIGNED).number(address);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
