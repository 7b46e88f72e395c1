package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No module hurts the process: each ends as told, and the same thread then runs a good one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileModulesIT {
  private static final byte[] MISBEHAVE = Modules.utf8("{\"request\":\"misbehave\"}");
  private static final byte[] BEHAVE = Modules.utf8("{\"request\":\"please\"}");

  private final Guests guests = new Guests();
  private CompiledModule good;

  @BeforeAll
  void compileAGoodModule() {
    good = guests.compiled(Modules.sample(Modules.C));
  }

  @AfterAll
  void close() {
    guests.close();
  }

  @ParameterizedTest
  @CsvSource({
    "endless-loop, TIME, policy exceeded its time budget of 200 ms (timeoutEvalSeconds)",
    "long-poll, TIME, policy exceeded its time budget of 200 ms (timeoutEvalSeconds)",
    "start-loop, TIME, policy exceeded its time budget of 200 ms (timeoutEvalSeconds)",
    "instantiate-loop, TIME, policy exceeded its time budget of 200 ms (timeoutEvalSeconds)"
  })
  void timeIsBounded(String module, Overrun overrun, String message) {
    expectOverrun(module, Guests.BRIEF, overrun, message);
  }

  @ParameterizedTest
  @CsvSource({
    "memory-bomb, MEMORY, policy exceeded its memory budget of 128 MiB (--eval-memory; for one policy: annotation policies.warder.dev/eval-memory)",
    "table-bomb, MEMORY, policy exceeded the limit of 1000000 table elements",
    "deep-recursion, CALL_DEPTH, policy exceeded its call depth budget of 8 MiB of stack (fixed)",
    "output-bomb, STDOUT, policy exceeded its stdout budget of 16 MiB (--eval-stdout; for one policy: annotation policies.warder.dev/eval-stdout)",
    "wide-write, STDOUT, policy exceeded its stdout budget of 16 MiB (--eval-stdout; for one policy: annotation policies.warder.dev/eval-stdout)",
    "stderr-bomb, STDERR, policy exceeded its stderr budget of 1 MiB (--eval-stderr; for one policy: annotation policies.warder.dev/eval-stderr)"
  })
  void spaceIsBounded(String module, Overrun overrun, String message) {
    expectOverrun(module, Guests.AMPLE, overrun, message);
  }

  private void expectOverrun(
      String module, EvaluationBudget budget, Overrun overrun, String message) {
    var compiled = guests.compiled(Modules.hostile(module));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(guests.validate(compiled, MISBEHAVE, budget))
          .isInstanceOfSatisfying(
              Run.Overran.class,
              run -> {
                assertThat(run.budget()).isEqualTo(overrun);
                assertThat(run.message()).isEqualTo(message);
                assertThat(run.stderr()).hasSizeLessThanOrEqualTo(budget.stderrBytes());
              });
      expectGoodModuleRuns();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "trap, unreachable",
    "trap-always, unreachable",
    "out-of-bounds, out of bounds",
    "host-call, out-of-range",
    "no-memory, exports no memory",
    "huge-write, out-of-range"
  })
  void trapsAreTold(String module, String text) {
    assertThat(guests.validate(guests.compiled(Modules.hostile(module)), MISBEHAVE, Guests.AMPLE))
        .isInstanceOfSatisfying(
            Run.Trapped.class, run -> assertThat(run.trap()).contains(text).doesNotContain("\n"));
    expectGoodModuleRuns();
  }

  @Test
  void aTrapKeepsWhatTheGuestSaid() {
    var run = validate("out-of-bounds");
    assertThat(run)
        .isInstanceOfSatisfying(
            Run.Trapped.class,
            trapped -> assertThat(Modules.text(trapped.stderr())).contains("index out of range"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"huge-read", "huge-random"})
  void hugeLengthsAreRefusedWithoutBeingAllocated(String module) {
    assertThat(validate(module)).isInstanceOfAny(Run.Trapped.class, Run.Exited.class);
    expectGoodModuleRuns();
  }

  @Test
  void anExitCodeAndOutputArePassedOnAsTheyAre() {
    assertThat(validate("exit-3"))
        .isInstanceOfSatisfying(
            Run.Exited.class,
            run -> {
              assertThat(run.code()).isEqualTo(3);
              assertThat(Modules.text(run.stderr())).contains("the policy lost its way");
            });
    assertThat(validate("non-utf8-stdout"))
        .isInstanceOfSatisfying(
            Run.Exited.class, run -> assertThat(run.stdout()).contains((byte) 0xFF, (byte) 0xFE));
    assertThat(validate("non-utf8-stderr"))
        .isInstanceOfSatisfying(
            Run.Exited.class, run -> assertThat(run.stderr()).contains((byte) 0xFF, (byte) 0xFE));
    assertThat(validate("no-answer"))
        .isInstanceOfSatisfying(
            Run.Exited.class,
            run -> {
              assertThat(run.code()).isZero();
              assertThat(run.stdout()).isEmpty();
            });
  }

  private Run validate(String module) {
    return guests.validate(guests.compiled(Modules.hostile(module)), MISBEHAVE, Guests.AMPLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"endless-loop", "memory-bomb", "deep-recursion", "output-bomb", "trap", "exit-3"})
  void theSameModuleStillAnswersOtherRequests(String module) {
    var compiled = guests.compiled(Modules.hostile(module));
    var misbehaved = guests.validate(compiled, MISBEHAVE, Guests.BRIEF);
    var behaved = guests.validate(compiled, BEHAVE, Guests.AMPLE);
    assertThat(misbehaved).isNotEqualTo(behaved);
    assertThat(behaved)
        .isInstanceOfSatisfying(
            Run.Exited.class,
            run -> {
              assertThat(run.code()).isZero();
              assertThat(Modules.text(run.stdout())).contains("accepted");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-start", "start-signature"})
  void aModuleThatIsNoCommandDoesNotStart(String module) {
    assertThat(validate(module))
        .isInstanceOfSatisfying(
            Run.NotStarted.class, run -> assertThat(run.message()).contains("_start"));
  }

  @Test
  void aModuleThatStartsLargerThanTheBudgetIsNotInstantiated() {
    assertThat(validate("big-initial-memory"))
        .isInstanceOfSatisfying(
            Run.Overran.class,
            run -> {
              assertThat(run.budget()).isEqualTo(Overrun.MEMORY);
              assertThat(run.message())
                  .isEqualTo(
                      "policy exceeded its memory budget of 128 MiB (--eval-memory; for one policy:"
                          + " annotation policies.warder.dev/eval-memory): the module starts with 4096"
                          + " MiB");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "unknown-import, ModuleImportUnknown, env.foo",
    "unknown-wasi-import, ModuleImportUnknown, wasi_snapshot_preview1.sock_connect",
    "wrong-signature, ModuleImportUnknown, wasi_snapshot_preview1.fd_close",
    "imported-memory, ModuleImportUnknown, the memory env.memory",
    "truncated, ModuleCompileFailed, cannot be compiled",
    "big-initial-table, ModuleCompileFailed, size minimum",
    "not-wasm, ModuleNotWasm, core module",
    "empty, ModuleNotWasm, core module",
    "component, ModuleNotWasm, component"
  })
  void whatCannotRunIsRefusedBeforeItIsCompiled(String module, Reason reason, String text) {
    var failure = guests.refused(Modules.hostile(module));
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(text).doesNotContain("Exception");
  }

  private void expectGoodModuleRuns() {
    var input = Modules.input(Modules.C, "accept");
    assertThat(guests.validate(good, input, Guests.AMPLE))
        .isInstanceOfSatisfying(
            Run.Exited.class,
            run -> {
              assertThat(run.code()).isZero();
              assertThat(Modules.text(run.stdout())).contains("\"accepted\":true");
            });
  }
}
