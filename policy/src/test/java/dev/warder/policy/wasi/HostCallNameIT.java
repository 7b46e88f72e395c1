package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.metadata.Annotator;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.testing.Outcomes;
import org.junit.jupiter.api.Test;

/** What annotating makes of a module that calls its host by Javy's name behaves as before. */
final class HostCallNameIT {
  private static final String METADATA = "rules: []\nmutating: false\nexecutionMode: wasi\n";

  @Test
  void theRenamedHostCallIsTheSameOne() {
    var original = caller();
    var annotated =
        Outcomes.value(
                Annotator.annotate(
                    original, Outcomes.value(PolicyMetadataReader.parseYaml(METADATA))))
            .module();
    assertThat(Modules.text(original)).contains("kubewarden:javy/host");
    assertThat(Modules.text(annotated)).doesNotContain("kubewarden:javy/host");
    try (var guests = new Guests()) {
      var before = guests.compiled(original);
      var after = guests.compiled(annotated);
      var input = Modules.utf8("{}");
      assertThat(guests.validate(after, input, Guests.AMPLE))
          .usingRecursiveComparison()
          .isEqualTo(guests.validate(before, input, Guests.AMPLE));
      // The host refuses, which is 1, and the guest makes that its exit code plus 41.
      assertThat(guests.validate(after, input, Guests.AMPLE).toString()).contains("42");
    }
  }

  private static byte[] caller() {
    return new ModuleWriter()
        .section(
            1,
            it ->
                it.bytes(3, 0x60, 8, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f)
                    .bytes(0x60, 1, 0x7f, 0, 0x60, 0, 0))
        .section(
            2,
            it ->
                it.number(2)
                    .name("kubewarden:javy/host")
                    .name("call")
                    .bytes(0, 0)
                    .name("wasi_snapshot_preview1")
                    .name("proc_exit")
                    .bytes(0, 1))
        .section(3, it -> it.bytes(1, 2))
        .memory(1, 2048)
        .section(7, it -> it.number(2).name("_start").bytes(0, 2).name("memory").bytes(2, 0))
        .code(
            body -> {
              for (int i = 0; i < 8; i++) {
                body.bytes(ModuleWriter.I32_CONST, 0);
              }
              body.bytes(0x10, 0, ModuleWriter.I32_CONST, 41, 0x6a, 0x10, 1, ModuleWriter.END);
            })
        .bytes();
  }
}
