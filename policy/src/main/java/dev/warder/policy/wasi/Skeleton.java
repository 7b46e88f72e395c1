package dev.warder.policy.wasi;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;

/**
 * A module without what was compiled or is kept elsewhere. It is a module still, so that whoever
 * reads a stored program parses it again and trusts no other form.
 */
final class Skeleton {
  private static final int PREAMBLE_BYTES = 8;
  private static final int CUSTOM = 0;
  private static final int CODE = 10;
  private static final int DATA = 11;
  private static final int DATA_COUNT = 12;

  /** No locals, {@code unreachable}, {@code end}. */
  private static final byte[] EMPTY_BODY = {0, 0, 0x0b};

  private final byte[] module;
  private int position = PREAMBLE_BYTES;

  private Skeleton(byte[] module) {
    this.module = module;
  }

  /**
   * @param module well-formed
   * @param keepBody by the function's index in the code section
   */
  static byte[] of(byte[] module, boolean keepData, IntPredicate keepBody) {
    return new Skeleton(module).write(keepData, keepBody);
  }

  private byte[] write(boolean keepData, IntPredicate keepBody) {
    var out = new ByteArrayOutputStream();
    out.write(module, 0, PREAMBLE_BYTES);
    while (position < module.length) {
      var id = module[position++];
      var size = number();
      var end = position + size;
      switch (id) {
        case CUSTOM -> {}
        case CODE -> section(out, id, code(keepBody));
        case DATA, DATA_COUNT -> {
          if (keepData) {
            section(out, id, bytes(position, end));
          }
        }
        default -> section(out, id, bytes(position, end));
      }
      position = end;
    }
    return out.toByteArray();
  }

  private byte[] code(IntPredicate keepBody) {
    var out = new ByteArrayOutputStream();
    var count = number();
    writeNumber(out, count);
    for (int i = 0; i < count; i++) {
      var size = number();
      var body = keepBody.test(i) ? bytes(position, position + size) : EMPTY_BODY;
      writeNumber(out, body.length);
      out.writeBytes(body);
      position += size;
    }
    return out.toByteArray();
  }

  /** Bytes of each function's body, in the order of the code section. */
  static int[] bodySizes(byte[] module) {
    var reader = new Skeleton(module);
    while (reader.position < module.length) {
      var id = module[reader.position++];
      var size = reader.number();
      if (id == CODE) {
        var sizes = new int[reader.number()];
        for (int i = 0; i < sizes.length; i++) {
          sizes[i] = reader.number();
          reader.position += sizes[i];
        }
        return sizes;
      }
      reader.position += size;
    }
    return new int[0];
  }

  private byte[] bytes(int from, int to) {
    return java.util.Arrays.copyOfRange(module, from, to);
  }

  /** LEB128; the parser has read it before and found it in order. */
  private int number() {
    var value = 0;
    for (int shift = 0; ; shift += 7) {
      var part = module[position++];
      value |= (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
  }

  private static void section(ByteArrayOutputStream out, byte id, byte[] content) {
    out.write(id);
    writeNumber(out, content.length);
    out.writeBytes(content);
  }

  private static void writeNumber(ByteArrayOutputStream out, int number) {
    var rest = number;
    while (rest > 0x7f || rest < 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
