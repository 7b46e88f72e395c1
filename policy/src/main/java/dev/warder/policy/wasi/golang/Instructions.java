package dev.warder.policy.wasi.golang;

/** Walks the instructions of one function. */
final class Instructions {
  private static final int MAX_ALIGNMENT = 4;
  private static final int LOCAL_TYPES_FROM = 0x7c;
  private static final int LOCAL_TYPES_TO = 0x7f;

  private static final int[] NO_TARGETS = {};

  private final ByteCursor in;
  private int depth = 1;
  private int start;
  private int opcode;
  private long operand;
  private int[] targets = NO_TARGETS;

  /** The range is that of a function body, its size left out. */
  Instructions(byte[] module, Layout.Body body) throws UnsuitableException {
    in = new ByteCursor(module, body.start(), body.end());
    for (int groups = in.count(); groups > 0; groups--) {
      in.u32();
      var type = in.u8();
      if (type < LOCAL_TYPES_FROM || type > LOCAL_TYPES_TO) {
        throw UnsuitableException.notGo("a local variable has the type 0x%02x".formatted(type));
      }
    }
  }

  /** Reads the next instruction, if there is one. */
  boolean next() throws UnsuitableException {
    if (depth == 0) {
      if (!in.atEnd()) {
        throw UnsuitableException.malformed("code follows the end of a function");
      }
      return false;
    }
    start = in.position();
    opcode = in.u8();
    if (opcode == Opcode.PREFIX) {
      var second = in.u32();
      opcode = second > 0xff ? -1 : Opcode.PREFIX << 8 | second;
    }
    if (!Opcode.isKnown(opcode)) {
      throw UnsuitableException.notGo(
          "it has the instruction 0x%02x at byte %d".formatted(opcode, in.position()));
    }
    operand = immediate();
    return true;
  }

  /** Where the instruction begins in the module. */
  int start() {
    return start;
  }

  /** Where it ends. */
  int end() {
    return in.position();
  }

  /** The labels of a table of branches, the default one last. */
  int[] targets() {
    return targets.clone();
  }

  int opcode() {
    return opcode;
  }

  /** The index, the constant, or the offset of a memory access; 0 where there is none. */
  long operand() {
    return operand;
  }

  private long immediate() throws UnsuitableException {
    return switch (opcode) {
      case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> {
        depth++;
        yield in.signed(33);
      }
      case Opcode.END -> {
        depth--;
        yield 0;
      }
      case Opcode.BR, Opcode.BR_IF, Opcode.CALL -> in.u32();
      case Opcode.BR_TABLE -> {
        targets = new int[in.count() + 1];
        for (int i = 0; i < targets.length; i++) {
          targets[i] = in.u32();
        }
        yield 0;
      }
      case Opcode.CALL_INDIRECT -> {
        var type = in.u32();
        zero();
        yield type;
      }
      case Opcode.TYPED_SELECT -> {
        in.skip(in.count());
        yield 0;
      }
      case Opcode.LOCAL_GET, Opcode.LOCAL_SET, Opcode.LOCAL_TEE -> in.u32();
      case Opcode.GLOBAL_GET, Opcode.GLOBAL_SET -> in.u32();
      case Opcode.MEMORY_SIZE, Opcode.MEMORY_GROW, Opcode.MEMORY_FILL -> zero();
      case Opcode.MEMORY_COPY -> zero() + zero();
      case Opcode.I32_CONST -> in.signed(32);
      case Opcode.I64_CONST -> in.signed(64);
      case Opcode.F32_CONST -> skip(Float.BYTES);
      case Opcode.F64_CONST -> skip(Double.BYTES);
      default -> opcode >= Opcode.I32_LOAD && opcode <= Opcode.LAST_STORE ? memoryAccess() : 0;
    };
  }

  private long memoryAccess() throws UnsuitableException {
    if (in.u32() > MAX_ALIGNMENT) {
      throw UnsuitableException.malformed("a memory access is aligned too widely");
    }
    return in.unsigned32();
  }

  private long skip(int length) throws UnsuitableException {
    in.skip(length);
    return 0;
  }

  /** The number of the only table or memory. */
  private long zero() throws UnsuitableException {
    if (in.u8() != 0) {
      throw UnsuitableException.notGo("it has more than one table or memory");
    }
    return 0;
  }
}
