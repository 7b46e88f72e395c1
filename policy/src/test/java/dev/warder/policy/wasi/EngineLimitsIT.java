package dev.warder.policy.wasi;

import static dev.warder.policy.wasi.ModuleWriter.BRANCH;
import static dev.warder.policy.wasi.ModuleWriter.DROP;
import static dev.warder.policy.wasi.ModuleWriter.END;
import static dev.warder.policy.wasi.ModuleWriter.IF;
import static dev.warder.policy.wasi.ModuleWriter.LOOP;
import static dev.warder.policy.wasi.ModuleWriter.NOTHING;
import static dev.warder.policy.wasi.ModuleWriter.PREFIX;
import static dev.warder.policy.wasi.ModuleWriter.UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What only hand-made modules reach: operations and sections that compilers seldom write. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EngineLimitsIT {
  private static final int MEMORY_GROW = 0x40;
  private static final int MEMORY_SIZE = 0x3F;
  private static final int MEMORY_FILL = 11;
  private static final int DATA_DROP = 9;
  private static final int MEMORY_INIT = 8;
  private static final int TABLE_GROW = 15;
  private static final int TABLE_SIZE = 16;
  private static final int TABLE_FILL = 17;
  private static final int NULL_FUNCTION = 0xD0;
  private static final int FUNCTION_REFERENCE = 0x70;
  private static final int NOT_EQUAL = 0x47;
  private static final int NOTHING_IN = 0;

  private final Guests guests = new Guests();

  @AfterAll
  void close() {
    guests.close();
  }

  private Run run(byte[] module, EvaluationBudget budget) {
    return guests.validate(guests.compiled(module), new byte[0], budget);
  }

  private static void expectExit(Run run) {
    assertThat(run)
        .isInstanceOfSatisfying(Run.Exited.class, exited -> assertThat(exited.code()).isZero());
  }

  private static void expectOverrun(Run run, Overrun overrun) {
    assertThat(run)
        .isInstanceOfSatisfying(
            Run.Overran.class, over -> assertThat(over.budget()).isEqualTo(overrun));
  }

  @Test
  void aGuestThatSurvivesARefusedGrowthEndsAsUsual() {
    expectExit(
        run(
            ModuleWriter.command(it -> it.constant(2047).bytes(MEMORY_GROW, 0, DROP, END)),
            new EvaluationBudget(Duration.ofMinutes(2), 10, 0, 0, 0, 0)));
  }

  @Test
  void aGuestThatDiesOfARefusedGrowthOverranItsMemory() {
    var module =
        ModuleWriter.command(it -> it.constant(10).bytes(MEMORY_GROW, 0, DROP, UNREACHABLE, END));
    expectOverrun(
        run(module, new EvaluationBudget(Duration.ofMinutes(2), 10, 0, 0, 0, 0)), Overrun.MEMORY);
    assertThat(run(module, new EvaluationBudget(Duration.ofMinutes(2), 11, 0, 0, 0, 0)))
        .isInstanceOf(Run.Trapped.class);
  }

  @Test
  void aGrowthThatTheModulesOwnLimitRefusesIsNoOverrun() {
    assertThat(
            run(
                ModuleWriter.command(
                    it -> it.constant(2048).bytes(MEMORY_GROW, 0, DROP, UNREACHABLE, END)),
                Guests.AMPLE))
        .isInstanceOf(Run.Trapped.class);
  }

  @Test
  void bulkOperationsInStraightLineCodeEndAtTheDeadline() {
    // 60 GiB of filling without a loop or a call, where compiled code looks at its deadline.
    var module =
        ModuleWriter.command(
            it -> {
              it.constant(1023).bytes(MEMORY_GROW, 0, DROP);
              for (int i = 0; i < 1000; i++) {
                it.constant(0).constant(i).constant(64 << 20).bytes(PREFIX, MEMORY_FILL, 0);
              }
              it.bytes(END);
            });
    expectOverrun(run(module, Guests.BRIEF), Overrun.TIME);
  }

  @Test
  void tableOperationsInStraightLineCodeEndAtTheDeadline() {
    var module =
        new ModuleWriter()
            .types()
            .functions(1)
            .table(900_000)
            .memory(1, 1)
            .start()
            .code(
                it -> {
                  for (int i = 0; i < 1000; i++) {
                    it.constant(0)
                        .bytes(NULL_FUNCTION, FUNCTION_REFERENCE)
                        .constant(900_000)
                        .bytes(PREFIX, TABLE_FILL, 0);
                  }
                  it.bytes(END);
                })
            .bytes();
    expectOverrun(run(module, Guests.BRIEF), Overrun.TIME);
  }

  @Test
  void aTableThatGrewIsSmallAgainInTheNextRun() {
    var module =
        guests.compiled(
            new ModuleWriter()
                .types()
                .functions(1)
                .table(3)
                .memory(1, 1)
                .start()
                .code(
                    it ->
                        it.bytes(PREFIX, TABLE_SIZE, 0)
                            .constant(3)
                            .bytes(NOT_EQUAL, IF, NOTHING, UNREACHABLE, END)
                            .bytes(NULL_FUNCTION, FUNCTION_REFERENCE)
                            .constant(5)
                            .bytes(PREFIX, TABLE_GROW, 0, DROP, END))
                .bytes());
    for (int i = 0; i < 3; i++) {
      expectExit(guests.validate(module, new byte[0], Guests.AMPLE));
    }
  }

  @Test
  void memoryAndDataAreFreshInEveryRun() {
    var module =
        guests.compiled(
            new ModuleWriter()
                .types()
                .functions(1)
                .memory(1, 10)
                .start()
                .section(12, it -> it.number(1))
                .code(
                    it ->
                        it.bytes(MEMORY_SIZE, 0)
                            .constant(1)
                            .bytes(NOT_EQUAL, IF, NOTHING, UNREACHABLE, END)
                            .constant(1)
                            .bytes(MEMORY_GROW, 0, DROP)
                            .constant(0)
                            .constant(0)
                            .constant(4)
                            .bytes(PREFIX, MEMORY_INIT, 0, 0)
                            .bytes(PREFIX, DATA_DROP, 0, END))
                .section(11, it -> it.number(1).bytes(1).name("data"))
                .bytes());
    for (int i = 0; i < 3; i++) {
      expectExit(guests.validate(module, new byte[0], Guests.AMPLE));
    }
  }

  @Test
  void aFunctionThatFitsNoJavaMethodRunsAllTheSame() {
    var module =
        ModuleWriter.command(
            it -> {
              for (int i = 0; i < 30_000; i++) {
                it.constant(i).bytes(DROP);
              }
              it.constant(2000).bytes(MEMORY_GROW, 0).constant(1);
              it.bytes(NOT_EQUAL, IF, NOTHING, UNREACHABLE, END, END);
            });
    expectExit(run(module, Guests.AMPLE));
  }

  @Test
  void modulesOfManySuchFunctionsAreGivenUp() {
    var module =
        ModuleWriter.command(
            it -> {
              for (int i = 0; i < 30_000; i++) {
                it.constant(i).bytes(DROP);
              }
              it.bytes(END);
            });
    try (var impatient = new WasiEngine(Duration.ZERO)) {
      assertThat(impatient.compile(Digest.of(module), module))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed ->
                  assertThat(failed.failure().message())
                      .contains("1 functions are too large for the engine"));
    }
  }

  @Test
  void anInterpretedFunctionEndsAtItsDeadlineToo() {
    var module =
        ModuleWriter.command(
            it -> {
              for (int i = 0; i < 30_000; i++) {
                it.constant(i).bytes(DROP);
              }
              it.bytes(LOOP, NOTHING, BRANCH, NOTHING_IN, END, END);
            });
    expectOverrun(run(module, Guests.BRIEF), Overrun.TIME);
  }

  @Test
  void moreThanOneMemoryIsRefused() {
    var module =
        new ModuleWriter()
            .types()
            .functions(1)
            .section(5, it -> it.number(2).bytes(0, 1, 0, 1))
            .start()
            .code(it -> it.bytes(END))
            .bytes();
    expectRefused(module, "more than one memory");
  }

  @Test
  void aSharedMemoryIsRefused() {
    var module =
        new ModuleWriter()
            .types()
            .functions(1)
            .section(5, it -> it.bytes(1, 3, 1, 1))
            .start()
            .code(it -> it.bytes(END))
            .bytes();
    expectRefused(module, "shared memory");
  }

  @Test
  void garbageCollectedTypesAreRefused() {
    var module =
        new ModuleWriter()
            .section(1, it -> it.number(2).bytes(0x60, 0, 0).bytes(0x5F, 0))
            .functions(1)
            .memory(1, 1)
            .start()
            .code(it -> it.bytes(END))
            .bytes();
    expectRefused(module, "garbage-collected types");
  }

  @Test
  void aHugeTableIsRefused() {
    var module =
        new ModuleWriter()
            .types()
            .functions(1)
            .table(1_000_001)
            .memory(1, 1)
            .start()
            .code(it -> it.bytes(END))
            .bytes();
    expectRefused(module, "tables of more than 1000000 elements");
  }

  private void expectRefused(byte[] module, String text) {
    var failure = guests.refused(module);
    assertThat(failure.reason()).isEqualTo(Reason.ModuleCompileFailed);
    assertThat(failure.message()).contains(text);
  }

  @Test
  void invalidCodeIsRefusedWithTheEnginesReason() {
    var failure = guests.refused(ModuleWriter.command(it -> it.bytes(DROP, END)));
    assertThat(failure.reason()).isEqualTo(Reason.ModuleCompileFailed);
    assertThat(failure.message()).contains("type mismatch");
  }
}
