package dev.warder.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wasm.Parser;
import dev.warder.policy.Outcome;
import dev.warder.policy.testing.Outcomes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostCallImportTest {
  private static final String JAVY = "kubewarden:javy/host";

  /** An import as a test wants it; the description, behind its names, in hexadecimal. */
  record Wanted(String module, String field, String description) {
    boolean isJavysCall() {
      return module.equals(JAVY) && field.equals("call") && description.startsWith("00");
    }
  }

  @Property
  void onlyTheNameOfTheHostCallChanges(@ForAll("imports") List<Wanted> wanted) {
    var module = module(wanted);

    var renamed = Outcomes.value(HostCallImport.underOneName(module));

    var expected =
        wanted.stream()
            .map(one -> one.isJavysCall() ? new Wanted("host", "call", one.description) : one)
            .toList();
    assertThat(names(renamed)).isEqualTo(names(module(expected)));
    // A module without that import is not touched, however its numbers are written.
    assertThat(renamed)
        .isEqualTo(wanted.stream().anyMatch(Wanted::isJavysCall) ? module(expected) : module);
    assertThat(Parser.parse(renamed).importSection().importCount()).isEqualTo(wanted.size());
    assertThat(Outcomes.value(HostCallImport.underOneName(renamed))).isEqualTo(renamed);
  }

  @Property
  void whateverTheBytesAreThereIsAnAnswer(@ForAll("imports") List<Wanted> wanted, @ForAll int at) {
    var module = module(wanted);
    module[Math.floorMod(at, module.length)] ^= (byte) (1 << Math.floorMod(at >> 8, 8));

    assertThat(HostCallImport.underOneName(module))
        .isInstanceOfAny(Outcome.Done.class, Outcome.Failed.class);
    assertThat(HostCallImport.isIn(module))
        .isInstanceOfAny(Outcome.Done.class, Outcome.Failed.class);
  }

  @Test
  void aTableOfTypedReferencesIsPassed() {
    // (table 1 2 (ref null 0)), as compilers of languages with garbage collection import it.
    var module =
        module(List.of(new Wanted("env", "t", "016300010102"), new Wanted(JAVY, "call", "0000")));
    assertThat(names(Outcomes.value(HostCallImport.underOneName(module))))
        .isEqualTo(List.of("env/t", "host/call"));
  }

  @Test
  void importsThatDoNotAddUpAreRefused() {
    for (var imports : List.of(new byte[] {1, 1, 'a'}, new byte[] {0, 0}, new byte[] {5})) {
      var module = new Wasm().section(2, imports).build();
      assertThat(Outcomes.failure(HostCallImport.underOneName(module)).message())
          .startsWith("the module's imports are malformed: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-latest-tag", "required-labels"})
  void modulesOfCompilersStayAsTheyAre(String sample) throws IOException {
    var module = Files.readAllBytes(Path.of("../samples", sample, "policy.wasm"));
    assertThat(Outcomes.value(HostCallImport.underOneName(module))).isEqualTo(module);
    assertThat(Outcomes.value(HostCallImport.isIn(module))).isFalse();
  }

  @Provide
  Arbitrary<List<Wanted>> imports() {
    return Combinators.combine(
            Arbitraries.of(JAVY, "host", "kubewarden:javy/hos", "wasi_snapshot_preview1", ""),
            Arbitraries.of("call", "call2", "fd_write", "ü"),
            Arbitraries.of(
                "0000",
                "008000",
                "01700001",
                "016f010102",
                "020001",
                "0201018002",
                "037f00",
                "037e01"))
        .as(Wanted::new)
        .list()
        .ofMaxSize(150);
  }

  private static byte[] module(List<Wanted> imports) {
    var content = new ByteArrayOutputStream();
    WasmCursor.writeCount(content, imports.size());
    for (var one : imports) {
      WasmCursor.writeName(content, one.module);
      WasmCursor.writeName(content, one.field);
      content.writeBytes(HexFormat.of().parseHex(one.description));
    }
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    out.writeBytes(new byte[] {1, 4, 1, 0x60, 0, 0});
    out.write(2);
    WasmCursor.writeCount(out, content.size());
    out.writeBytes(content.toByteArray());
    var custom = "what follows stays".getBytes(StandardCharsets.UTF_8);
    out.write(0);
    WasmCursor.writeCount(out, custom.length + 1);
    out.write(0);
    out.writeBytes(custom);
    return out.toByteArray();
  }

  private static List<String> names(byte[] module) {
    var imports = Parser.parse(module).importSection();
    var names = new ArrayList<String>();
    for (var i = 0; i < imports.importCount(); i++) {
      names.add(imports.getImport(i).module() + "/" + imports.getImport(i).name());
    }
    return Arrays.asList(names.toArray(String[]::new));
  }
}
