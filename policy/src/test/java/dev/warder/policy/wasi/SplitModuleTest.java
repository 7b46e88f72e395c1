package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.types.FunctionImport;
import dev.warder.policy.wasi.golang.SplitModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SplitModuleTest {
  private static final int STACK = 1024;

  /** Where the function leaves its result. */
  private static final int RESULT = STACK + 64;

  private static final int ENTRY = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 24, 40, 1000})
  void theSplitFunctionGivesTheSame(int partBytes) {
    var module = new GoShaped().withTable().bytes();
    var split = SplitModule.of(module, 16, partBytes);
    assertThat(split).isNotEqualTo(module);

    for (int start = 0; start < 6; start++) {
      var expected = entered(module, start);
      assertThat(entered(split, start)).as("from %d", start).isEqualTo(expected);
    }
    assertThat(entered(split, 0).sum()).isEqualTo(4 * 3);
  }

  @Test
  void theSplitFunctionCanBeEnteredAgain() {
    var split = instance(SplitModule.of(new GoShaped().withTable().bytes(), 16, 1));
    split.global(0).setValue(STACK);

    for (int i = 0; i < 3; i++) {
      assertThat(split.getMachine().call(ENTRY, new long[] {0})).containsExactly(0);
      assertThat(split.memory().readLong(RESULT)).isEqualTo(4 * 3);
    }
  }

  @Test
  void whatIsSmallOrNotOfGoStaysAsItIs() {
    var small = new GoShaped().withTable().bytes();
    assertThat(SplitModule.of(small)).isSameAs(small);

    var other = new GoShaped().withTable().without(9).bytes();
    assertThat(SplitModule.of(other, 16, 1)).isSameAs(other);

    var foreign = Modules.sample(Modules.C);
    assertThat(SplitModule.of(foreign, 16, 1)).isSameAs(foreign);
  }

  private record Result(long returned, long sum) {}

  private static Result entered(byte[] module, int block) {
    var instance = instance(module);
    instance.global(0).setValue(STACK);
    var returned = instance.getMachine().call(ENTRY, new long[] {block});
    return new Result(returned[0], instance.memory().readLong(RESULT));
  }

  private static Instance instance(byte[] bytes) {
    var module = Parser.parse(bytes);
    var imports = ImportValues.builder();
    var wanted = module.importSection();
    for (int i = 0; i < wanted.importCount(); i++) {
      if (wanted.getImport(i) instanceof FunctionImport function) {
        imports.addFunction(
            new ImportFunction(
                function.module(),
                function.name(),
                module.typeSection().getType(function.typeIndex()),
                (_, _) -> new long[] {0}));
      }
    }
    return Instance.builder(module).withImportValues(imports.build()).withStart(false).build();
  }
}
