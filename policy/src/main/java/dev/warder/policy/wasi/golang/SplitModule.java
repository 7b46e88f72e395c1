package dev.warder.policy.wasi.golang;

import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.WasmSections;
import dev.warder.policy.metadata.WasmSections.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A module that does the same with smaller functions. Large ones cannot be compiled to Java at all,
 * as a method has at most 64 KiB, or only slowly. Behind the functions and globals of the original,
 * which keep their numbers, it has some more.
 */
public final class SplitModule {
  /** Larger functions are split. */
  public static final int LARGE_BYTES = 16 << 10;

  /** What they are split into. */
  private static final int PART_BYTES = 8 << 10;

  private static final int MUTABLE = 1;

  private final byte[] module;
  private final Layout layout;
  private final int largeBytes;
  private final int partBytes;
  private final Map<Integer, GoFunction> large = new HashMap<>();

  private SplitModule(byte[] module, Layout layout, int largeBytes, int partBytes) {
    this.module = module;
    this.layout = layout;
    this.largeBytes = largeBytes;
    this.partBytes = partBytes;
  }

  /**
   * Splits what Go's compiler made and is large.
   *
   * @param module well-formed, or it is left as it is
   * @return the same bytes if there is nothing to split
   */
  public static byte[] of(byte[] module) {
    return of(module, LARGE_BYTES, PART_BYTES);
  }

  /**
   * The same with other sizes.
   *
   * @param largeBytes functions of more bytes are split
   * @param partBytes into parts of up to so many, if their blocks are not larger
   */
  public static byte[] of(byte[] module, int largeBytes, int partBytes) {
    try {
      var split = new SplitModule(module, LayoutReader.read(module), largeBytes, partBytes);
      split.findLarge();
      return split.large.isEmpty() ? module : split.write();
    } catch (UnsuitableException _) {
      return module;
    }
  }

  private void findLarge() {
    for (int i = 0; i < layout.functions().length; i++) {
      var function = layout.imports().size() + i;
      var body = layout.body(function);
      if (body.end() - body.start() <= largeBytes
          || !layout.signature(function).equals(CodeScan.RESUMABLE)) {
        continue;
      }
      try {
        large.put(i, GoFunctionReader.read(module, body));
      } catch (UnsuitableException _) {
        // It stays in one piece.
      }
    }
  }

  private byte[] write() {
    var globals = new TransferGlobals(Globals.count());
    var bodies = new HashMap<Integer, byte[]>();
    var parts = new ArrayList<byte[]>();
    var types = new ArrayList<Integer>();
    large.forEach(
        (index, function) -> {
          var cut = FunctionParts.of(function, partBytes);
          var split = new SplitFunction(module, function, cut, globals.of(function));
          bodies.put(index, split.leader(layout.functionCount() + parts.size()));
          cut.forEach(part -> parts.add(split.part(part)));
          cut.forEach(_ -> types.add(layout.functions()[index]));
        });
    var out = new WasmOut(module.length + (1 << 16));
    out.bytes(module, 0, WasmSections.PREAMBLE_BYTES);
    for (var section : sections()) {
      switch (section.id()) {
        case SectionId.FUNCTION ->
            out.section(
                section.id(),
                it -> {
                  it.itemsOf(module, section, layout.functions().length + types.size());
                  types.forEach(it::number);
                });
        case SectionId.GLOBAL ->
            out.section(
                section.id(),
                it -> {
                  it.itemsOf(module, section, Globals.count() + globals.types().length());
                  globals.types().chars().forEach(type -> global(it, type));
                });
        case SectionId.CODE -> out.section(section.id(), it -> code(it, bodies, parts));
        default -> out.bytes(module, section.start(), section.end());
      }
    }
    return out.bytes();
  }

  private List<Section> sections() {
    return WasmSections.of(module) instanceof Outcome.Done<List<Section>>(var all)
        ? all
        : List.of();
  }

  private static void global(WasmOut out, int type) {
    out.code(LayoutReader.valueType((char) type), MUTABLE);
    switch (type) {
      case 'i' -> out.i32(0);
      case 'l' -> out.i64(0);
      case 'f' -> out.code(Opcode.F32_CONST, 0, 0, 0, 0);
      default -> out.code(Opcode.F64_CONST, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    out.code(Opcode.END);
  }

  private void code(WasmOut out, Map<Integer, byte[]> bodies, List<byte[]> parts) {
    out.number(layout.functions().length + parts.size());
    for (int i = 0; i < layout.bodies().size(); i++) {
      var changed = bodies.get(i);
      var body = layout.bodies().get(i);
      out.sized(
          it -> {
            if (changed == null) {
              it.bytes(module, body.start(), body.end());
            } else {
              it.bytes(changed, 0, changed.length);
            }
          });
    }
    parts.forEach(part -> out.sized(it -> it.bytes(part, 0, part.length)));
  }
}
