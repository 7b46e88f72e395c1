package dev.warder.policy.wasi.golang;

/** The instructions that are looked at; one with the prefix FC has it in its second byte. */
final class Opcode {
  static final int UNREACHABLE = 0x00;
  static final int BLOCK = 0x02;
  static final int LOOP = 0x03;
  static final int IF = 0x04;
  static final int ELSE = 0x05;
  static final int END = 0x0b;
  static final int BR = 0x0c;
  static final int BR_IF = 0x0d;
  static final int BR_TABLE = 0x0e;
  static final int RETURN = 0x0f;
  static final int CALL = 0x10;
  static final int CALL_INDIRECT = 0x11;
  static final int DROP = 0x1a;
  static final int TYPED_SELECT = 0x1c;
  static final int LOCAL_GET = 0x20;
  static final int LOCAL_SET = 0x21;
  static final int LOCAL_TEE = 0x22;
  static final int GLOBAL_GET = 0x23;
  static final int GLOBAL_SET = 0x24;
  static final int I32_LOAD = 0x28;
  static final int I64_LOAD = 0x29;
  static final int I32_LOAD8_U = 0x2d;
  static final int I32_LOAD16_U = 0x2f;
  static final int FIRST_STORE = 0x36;
  static final int LAST_STORE = 0x3e;
  static final int MEMORY_SIZE = 0x3f;
  static final int MEMORY_GROW = 0x40;
  static final int I32_CONST = 0x41;
  static final int I64_CONST = 0x42;
  static final int F32_CONST = 0x43;
  static final int F64_CONST = 0x44;
  static final int I32_EQZ = 0x45;
  static final int I32_EQ = 0x46;
  static final int I32_NE = 0x47;
  static final int I32_LT_U = 0x49;
  static final int I32_GT_U = 0x4b;
  static final int I64_NE = 0x52;
  static final int I32_ADD = 0x6a;
  static final int I32_SUB = 0x6b;
  static final int LAST_PLAIN = 0xc4;
  static final int PREFIX = 0xfc;
  static final int MEMORY_INIT = PREFIX << 8 | 8;
  static final int MEMORY_COPY = PREFIX << 8 | 10;
  static final int MEMORY_FILL = PREFIX << 8 | 11;

  private Opcode() {}

  /** What may stand in a module: the first standard, sign extension, saturation, bulk memory. */
  static boolean isKnown(int opcode) {
    return switch (opcode) {
      case UNREACHABLE, 0x01, BLOCK, LOOP, IF, ELSE -> true;
      case END, BR, BR_IF, BR_TABLE, RETURN, CALL, CALL_INDIRECT -> true;
      case DROP, 0x1b, TYPED_SELECT -> true;
      case MEMORY_COPY, MEMORY_FILL -> true;
      default ->
          (opcode >= LOCAL_GET && opcode <= GLOBAL_SET)
              || (opcode >= I32_LOAD && opcode <= LAST_PLAIN)
              || (opcode >= PREFIX << 8 && opcode <= (PREFIX << 8 | 7));
    };
  }
}
