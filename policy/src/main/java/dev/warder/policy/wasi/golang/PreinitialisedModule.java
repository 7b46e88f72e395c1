package dev.warder.policy.wasi.golang;

import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.MetadataWriter;
import dev.warder.policy.metadata.WasmSections;
import dev.warder.policy.metadata.WasmSections.Section;
import dev.warder.policy.reference.Digest;
import java.util.List;

/**
 * A plain WASI module that starts from snapshots of another: it has that one's types, imports,
 * tables, code and custom sections, and one function more.
 *
 * @param module its bytes
 * @param dataSegments how many of them hold its memory
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record PreinitialisedModule(byte[] module, int dataSegments) {
  /** Engines refuse 100,000. */
  private static final int MAX_DATA_SEGMENTS = 30_000;

  private static final String WASI = "wasi_snapshot_preview1";
  private static final byte[] NOTHING = {};
  private static final int ACTIVE = 0;
  private static final int PASSIVE = 1;
  private static final int FUNCTION = 0;

  /**
   * Writes the module that starts from either of two snapshots, by its arguments, and traps if it
   * is given any others. Refuses a module without metadata, as that says what the result is.
   */
  public static Attempt<PreinitialisedModule> write(byte[] original, Entry one, Entry other) {
    try {
      var written =
          one.snapshot().pages() <= other.snapshot().pages()
              ? new Writer(original, one, other).write()
              : new Writer(original, other, one).write();
      return switch (MetadataWriter.withAnnotation(
          written.module(), Annotations.DONE, Digest.of(original).toString())) {
        case Outcome.Done<byte[]>(var annotated) ->
            Attempt.made(new PreinitialisedModule(annotated, written.dataSegments()));
        case Outcome.Failed<byte[]>(var failure) -> Attempt.refused(failure.message());
      };
    } catch (UnsuitableException e) {
      return Attempt.refused(e.reason());
    }
  }

  private static final class Writer {
    private final byte[] original;
    private final Layout layout;
    private final Snapshot base;
    private final byte[] otherMemory;
    private final List<Range> data;
    private final List<Range> patches;
    private final byte[] start;

    private Writer(byte[] original, Entry first, Entry second) throws UnsuitableException {
      this.original = original;
      this.layout = LayoutReader.read(original);
      this.base = first.snapshot();
      this.otherMemory = second.snapshot().memory();
      this.data = Range.differences(base.memory(), NOTHING, MAX_DATA_SEGMENTS);
      this.patches = Range.differences(otherMemory, base.memory(), MAX_DATA_SEGMENTS);
      this.start =
          new StartFunction(imported("args_sizes_get"), imported("args_get"))
              .body(first, second, patches, data.size());
    }

    private int imported(String name) throws UnsuitableException {
      for (int i = 0; i < layout.imports().size(); i++) {
        var found = layout.imports().get(i);
        if (found.module().equals(WASI) && found.name().equals(name)) {
          if (layout.signature(i).equals("ii:i")) {
            return i;
          }
          throw UnsuitableException.malformed("it imports %s as another type".formatted(name));
        }
      }
      throw UnsuitableException.notGo("it does not import " + name);
    }

    private PreinitialisedModule write() throws UnsuitableException {
      var out = new WasmOut(original.length + (1 << 20));
      out.bytes(original, 0, WasmSections.PREAMBLE_BYTES);
      for (var section :
          WasmSections.of(original) instanceof Outcome.Done<List<Section>>(var all)
              ? all
              : List.<Section>of()) {
        write(out, section);
      }
      return new PreinitialisedModule(out.bytes(), data.size());
    }

    private void write(WasmOut out, Section section) throws UnsuitableException {
      switch (section.id()) {
        case SectionId.FUNCTION ->
            out.section(section.id(), it -> oneMore(it, section).number(startType()));
        case SectionId.MEMORY -> out.section(section.id(), this::memory);
        case SectionId.GLOBAL -> out.section(section.id(), it -> Globals.write(it, base.globals()));
        case SectionId.EXPORT -> {
          var content = exports(section);
          out.section(section.id(), it -> it.bytes(content, 0, content.length));
        }
        case SectionId.CODE -> {
          out.section(SectionId.DATA_COUNT, it -> it.number(data.size() + 1));
          out.section(
              section.id(),
              it -> oneMore(it, section).sized(body -> body.bytes(start, 0, start.length)));
          out.section(SectionId.DATA, this::data);
        }
        case SectionId.DATA, SectionId.DATA_COUNT -> {}
        default -> out.bytes(original, section.start(), section.end());
      }
    }

    /** One item more follows. */
    private WasmOut oneMore(WasmOut out, Section section) {
      return out.itemsOf(original, section, layout.functions().length + 1);
    }

    private int startType() {
      return layout.types().indexOf(LoopFunction.NO_VALUES);
    }

    private void memory(WasmOut out) {
      out.number(1).number(layout.maxPages().isPresent() ? 1 : 0).number(base.pages());
      layout.maxPages().ifPresent(out::number);
    }

    private byte[] exports(Section section) throws UnsuitableException {
      var in = new ByteCursor(original, section.content(), section.end());
      var out = new WasmOut(1024);
      var count = in.count();
      out.number(count);
      for (int i = 0; i < count; i++) {
        var start = in.position();
        var name = in.name();
        var kind = in.u8();
        out.bytes(original, start, in.position());
        var index = in.u32();
        var isStart = kind == FUNCTION && name.equals(LoopFunction.START);
        out.number(isStart ? layout.functionCount() : index);
      }
      return out.bytes();
    }

    private void data(WasmOut out) {
      out.number(data.size() + 1);
      for (var range : data) {
        out.number(ACTIVE).i32(range.start()).code(Opcode.END).number(range.length());
        out.bytes(base.memory(), range.start(), range.end());
      }
      out.number(PASSIVE).number(patches.stream().mapToInt(Range::length).sum());
      patches.forEach(patch -> out.bytes(otherMemory, patch.start(), patch.end()));
    }
  }
}
