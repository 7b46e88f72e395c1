package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.metadata.ModuleImports.Import;
import dev.warder.policy.metadata.WasmCursor.MalformedException;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** The one function of its host that a WASI policy may call besides WASI's own. */
final class HostCallImport {
  private static final String MODULE = "host";
  private static final String FIELD = "call";

  /** How modules of the JavaScript compiler Javy call the same. */
  private static final String JAVY_MODULE = "kubewarden:javy/host";

  private HostCallImport() {}

  /** Whether the module imports it, by either name. */
  static Outcome<Boolean> isIn(byte[] module) {
    return inSections(
        module,
        sections -> {
          for (var section : sections) {
            for (var one : ModuleImports.of(module, section)) {
              if (one.isFunction(MODULE, FIELD) || one.isFunction(JAVY_MODULE, FIELD)) {
                return true;
              }
            }
          }
          return false;
        });
  }

  /**
   * The module with {@code kubewarden:javy/host} renamed to {@code host}, every other byte as it
   * is; fails with {@code ModuleNotWasm}.
   */
  static Outcome<byte[]> underOneName(byte[] module) {
    return inSections(
        module,
        sections -> {
          var out = new ByteArrayOutputStream(module.length);
          var copied = 0;
          for (var section : sections) {
            var imports = ModuleImports.of(module, section);
            if (imports.stream().anyMatch(one -> one.isFunction(JAVY_MODULE, FIELD))) {
              out.write(module, copied, section.start() - copied);
              write(out, section.id(), renamed(module, imports));
              copied = section.end();
            }
          }
          if (copied == 0) {
            return module;
          }
          out.write(module, copied, module.length - copied);
          return out.toByteArray();
        });
  }

  private static byte[] renamed(byte[] module, List<Import> imports) {
    var content = new ByteArrayOutputStream();
    WasmCursor.writeCount(content, imports.size());
    for (var one : imports) {
      var kept = one.start();
      if (one.isFunction(JAVY_MODULE, FIELD)) {
        WasmCursor.writeName(content, MODULE);
        WasmCursor.writeName(content, FIELD);
        kept = one.description();
      }
      content.write(module, kept, one.end() - kept);
    }
    return content.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int id, byte[] content) {
    out.write(id);
    WasmCursor.writeCount(out, content.length);
    out.writeBytes(content);
  }

  /** What is asked of the import sections. */
  private interface Question<T> {
    T answer(List<WasmSections.Section> sections) throws MalformedException;
  }

  private static <T> Outcome<T> inSections(byte[] module, Question<T> question) {
    return WasmSections.of(module)
        .then(
            sections -> {
              try {
                return Outcome.done(question.answer(ModuleImports.sections(sections)));
              } catch (MalformedException e) {
                return Outcome.failed(
                    Reason.ModuleNotWasm,
                    "the module's imports are malformed: "
                        + e.getMessage()
                        + "; check that it was built and published whole");
              }
            });
  }
}
