package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Walks the sections of a WebAssembly module without looking into them. */
public final class WasmSections {
  private static final byte[] MAGIC = {0, 'a', 's', 'm'};
  private static final byte[] CORE_VERSION = {1, 0, 0, 0};
  private static final byte[] COMPONENT_VERSION = {0x0d, 0, 1, 0};

  /** What comes before the first section: the magic number and the version. */
  public static final int PREAMBLE_BYTES = 8;

  private static final int CUSTOM = 0;
  private static final int MAX_SECTIONS = 10_000;
  private static final int MAX_NAME_BYTES = 256;

  private final byte[] module;
  private int position = PREAMBLE_BYTES;

  private WasmSections(byte[] module) {
    this.module = module;
  }

  /**
   * One section: the bytes from start (with id and size) up to end, where the content begins behind
   * the header.
   *
   * @param id what kind of section; 0 for a custom one
   * @param name of a custom section, whose content begins behind it; empty for others
   */
  public record Section(int id, String name, int start, int content, int end) {}

  /** All sections in order; fails with {@code ModuleNotWasm} when the bytes are no core module. */
  public static Outcome<List<Section>> of(byte[] module) {
    if (module.length < PREAMBLE_BYTES || !Arrays.equals(MAGIC, Arrays.copyOf(module, 4))) {
      return notWasm("the bytes do not begin like WebAssembly; check what was published");
    }
    var version = Arrays.copyOfRange(module, 4, PREAMBLE_BYTES);
    if (Arrays.equals(version, COMPONENT_VERSION)) {
      return notWasm("this is a WebAssembly component; build a core module (WASI preview 1)");
    }
    if (!Arrays.equals(version, CORE_VERSION)) {
      return notWasm("this WebAssembly has an unknown version; build a core module of version 1");
    }
    try {
      return Outcome.done(new WasmSections(module).walk());
    } catch (Malformed e) {
      return notWasm(
          "the module is malformed: " + e.getMessage() + "; check that it was published whole");
    }
  }

  private List<Section> walk() throws Malformed {
    var sections = new ArrayList<Section>();
    while (position < module.length) {
      if (sections.size() == MAX_SECTIONS) {
        throw new Malformed("it has more than " + MAX_SECTIONS + " sections");
      }
      sections.add(next());
    }
    return sections;
  }

  private Section next() throws Malformed {
    var start = position;
    var id = module[position++];
    var end = length(module.length, "section at byte " + start);
    var name = id == CUSTOM ? name(end) : "";
    var section = new Section(id & 0xff, name, start, position, end);
    position = end;
    return section;
  }

  private String name(int sectionEnd) throws Malformed {
    var end = length(sectionEnd, "section name at byte " + position);
    var size = Math.min(end - position, MAX_NAME_BYTES);
    var name = new String(module, position, size, StandardCharsets.UTF_8);
    position = end;
    return name;
  }

  /** Reads a length (LEB128, 32 bits) and gives where what it measures ends. */
  private int length(int limit, String what) throws Malformed {
    var value = 0L;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position >= limit) {
        throw new Malformed(what + " has no length");
      }
      var part = module[position++];
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        if (value > limit - position) {
          throw new Malformed(what + " reaches beyond the end");
        }
        return position + (int) value;
      }
    }
    throw new Malformed(what + " has an overlong length");
  }

  private static <T> Outcome<T> notWasm(String problem) {
    return Outcome.failed(Reason.ModuleNotWasm, problem);
  }

  /** Never leaves this class. */
  private static final class Malformed extends Exception {
    Malformed(String problem) {
      super(problem);
    }
  }
}
