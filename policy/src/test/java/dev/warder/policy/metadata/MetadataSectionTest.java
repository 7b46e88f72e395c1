package dev.warder.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MetadataSectionTest {
  private static final Path SAMPLE = Path.of("../samples/no-latest-tag/policy.wasm");

  @Test
  void findsTheSection() {
    var module = new Wasm().section(1, (byte) 0).custom(MetadataSection.NAME, "{}").build();
    assertThat(text(module)).contains("{}");
  }

  @Test
  void findsTheFirstOfSeveral() {
    var module =
        new Wasm()
            .custom("name", "x")
            .custom(MetadataSection.NAME, "first")
            .custom(MetadataSection.NAME, "second")
            .build();
    assertThat(text(module)).contains("first");
  }

  @Test
  void findsNone() {
    assertThat(text(new Wasm().build())).isEmpty();
    assertThat(text(new Wasm().custom(MetadataSection.NAME + "2", "x").build())).isEmpty();
    // Only custom sections have names.
    var name = new Wasm().custom(MetadataSection.NAME, "{}").build();
    name[8] = 11;
    assertThat(text(name)).isEmpty();
  }

  static byte[][] broken() {
    return new byte[][] {
      {},
      "\0asm".getBytes(StandardCharsets.UTF_8),
      "<html>404</html>".getBytes(StandardCharsets.UTF_8),
      {0, 'a', 's', 'm', 2, 0, 0, 0},
      new Wasm().raw(0).build(),
      new Wasm().raw(1, 5, 0).build(),
      new Wasm().raw(0, 0).build(),
      new Wasm().raw(0, 1, 5).build(),
      new Wasm().raw(0, 2, 0x80, 0x80, 0).build(),
      new Wasm().raw(1, 0x80).build(),
      new Wasm().raw(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0).build(),
      new Wasm().raw(1, 0xff, 0xff, 0xff, 0xff, 0x7f).build(),
      new Wasm().raw(1, 0xff, 0xff, 0xff, 0xff, 0x0f).build(),
    };
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refusesWhatIsNoModule(byte[] bytes) {
    assertThat(Outcomes.failure(MetadataSection.read(bytes)).reason())
        .isEqualTo(Reason.ModuleNotWasm);
  }

  @Test
  void tellsComponentsApart() {
    byte[] component = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};
    assertThat(Outcomes.failure(MetadataSection.read(component)).message()).contains("component");
  }

  @Test
  void refusesManySections() {
    var module = new Wasm();
    for (int i = 0; i < 10_001; i++) {
      module.section(1);
    }
    assertThat(Outcomes.failure(MetadataSection.read(module.build())).message())
        .contains("more than 10000 sections");
  }

  @Property
  void neverThrowsOnRandomBytes(@ForAll byte[] bytes) {
    assertThat(MetadataSection.read(bytes)).isNotNull();
  }

  @Property
  void neverThrowsOnRandomSections(@ForAll byte[] bytes) {
    var module = Arrays.copyOf(new Wasm().build(), 8 + bytes.length);
    System.arraycopy(bytes, 0, module, 8, bytes.length);
    assertThat(PolicyMetadataReader.read(module)).isNotNull();
  }

  @Property(tries = 300)
  void neverThrowsOnTruncations(@ForAll @IntRange(max = 1_000_000) int at) throws IOException {
    var module = Files.readAllBytes(SAMPLE);
    var cut = at % module.length;
    assertThat(PolicyMetadataReader.read(Arrays.copyOf(module, cut))).isNotNull();
  }

  @Property(tries = 300)
  void neverThrowsOnMutations(
      @ForAll @IntRange(max = 1_000_000) int at, @ForAll byte value, @ForAll boolean fromTheEnd)
      throws IOException {
    var module = Files.readAllBytes(SAMPLE);
    // The section is at the end; a change there must hit it often.
    var position = fromTheEnd ? module.length - 1 - at % 1000 : at % module.length;
    module[position] = value;
    assertThat(PolicyMetadataReader.read(module)).isNotNull();
  }

  @Property
  void whatIsWrittenIsReadBack(@ForAll byte[] content) {
    var module = new Wasm().section(1, (byte) 0).custom(MetadataSection.NAME, "old").build();
    var annotated = Outcomes.value(MetadataSection.replace(module, content));
    assertThat(Outcomes.value(MetadataSection.read(annotated)))
        .hasValueSatisfying(read -> assertThat(read).isEqualTo(content));
    assertThat(annotated).startsWith(new Wasm().section(1, (byte) 0).build());
  }

  private static Optional<String> text(byte[] module) {
    return Outcomes.value(MetadataSection.read(module))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }
}
