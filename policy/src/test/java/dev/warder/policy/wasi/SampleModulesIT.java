package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The engine with modules of real compilers: Go and C. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SampleModulesIT {
  private final Guests guests = new Guests();
  private CompiledModule go;
  private CompiledModule c;

  @BeforeAll
  void compile() {
    go = guests.compiled(Modules.sample(Modules.GO));
    c = guests.compiled(Modules.sample(Modules.C));
  }

  @AfterAll
  void close() {
    guests.close();
  }

  @Test
  void aGoModuleJudges() {
    expectAnswer(go, Modules.input(Modules.GO, "accept"), "\"accepted\":true");
    expectAnswer(go, Modules.input(Modules.GO, "reject"), "\"accepted\":false");
  }

  @Test
  void aCModuleJudges() {
    expectAnswer(c, Modules.input(Modules.C, "accept"), "\"accepted\":true");
    expectAnswer(c, Modules.input(Modules.C, "reject"), "\"accepted\":false");
  }

  @Test
  void theCommandIsTheFirstArgument() {
    for (var sample : new String[] {Modules.GO, Modules.C}) {
      var module = sample.equals(Modules.GO) ? go : c;
      assertThat(settingsAnswer(module, sample, "good")).contains("\"valid\":true");
      assertThat(settingsAnswer(module, sample, "bad")).contains("\"valid\":false");
    }
  }

  private String settingsAnswer(CompiledModule module, String sample, String settings) {
    var input = Modules.settings(sample, settings);
    var run = guests.run(module, Command.VALIDATE_SETTINGS, input, Guests.AMPLE);
    assertThat(run).isInstanceOf(Run.Exited.class);
    return Modules.text(((Run.Exited) run).stdout());
  }

  @Test
  void aGoModuleThatIsRefusedMemorySaysSo() {
    // The module starts with some 50 pages and asks for more to make its heap.
    var tight = new EvaluationBudget(Duration.ofMinutes(2), 56, 1 << 20, 1 << 20, 1, 1);
    assertThat(guests.validate(go, Modules.input(Modules.GO, "accept"), tight))
        .isInstanceOfSatisfying(
            Run.Overran.class,
            run -> {
              assertThat(run.budget()).isEqualTo(Overrun.MEMORY);
              assertThat(run.message()).startsWith("policy exceeded its memory budget of 3584 KiB");
            });
  }

  @Test
  void guestCodeRunsOnlyOnGuestThreads() {
    assertThatThrownBy(() -> go.run(Command.VALIDATE, new byte[0], EvaluationBudget.defaults()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLeftOverInterruptDoesNotEndARun() {
    var input = Modules.input(Modules.C, "accept");
    var run =
        guests.onGuestThread(
            () -> {
              Thread.currentThread().interrupt();
              return c.run(Command.VALIDATE, input, Guests.AMPLE);
            });
    assertThat(run).isInstanceOf(Run.Exited.class);
  }

  @Test
  void goodAndHostileRunsShareThreadsAndModulesWithoutTouchingEachOther() throws Exception {
    var loop = guests.compiled(Modules.hostile("endless-loop"));
    var recursion = guests.compiled(Modules.hostile("deep-recursion"));
    var bomb = guests.compiled(Modules.hostile("memory-bomb"));
    var misbehave = Modules.utf8("misbehave");
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 40; i++) {
      var accept = i % 2 == 0;
      var goInput = Modules.input(Modules.GO, accept ? "accept" : "reject");
      var cInput = Modules.input(Modules.C, accept ? "accept" : "reject");
      tasks.add(() -> accepted(go.run(Command.VALIDATE, goInput, Guests.AMPLE)) == accept);
      tasks.add(() -> accepted(c.run(Command.VALIDATE, cInput, Guests.AMPLE)) == accept);
      if (i % 4 == 0) {
        tasks.add(() -> overran(loop.run(Command.VALIDATE, misbehave, Guests.BRIEF)));
        tasks.add(() -> overran(recursion.run(Command.VALIDATE, misbehave, Guests.AMPLE)));
        tasks.add(() -> overran(bomb.run(Command.VALIDATE, misbehave, Guests.AMPLE)));
      }
    }
    try (var threads = Executors.newFixedThreadPool(4, GuestThreads.factory("test-many"))) {
      for (var result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private static boolean accepted(Run run) {
    assertThat(run).isInstanceOf(Run.Exited.class);
    return Modules.text(((Run.Exited) run).stdout()).contains("\"accepted\":true");
  }

  private static boolean overran(Run run) {
    return run instanceof Run.Overran;
  }

  private void expectAnswer(CompiledModule module, byte[] input, String answer) {
    assertThat(guests.validate(module, input, Guests.AMPLE))
        .isInstanceOfSatisfying(
            Run.Exited.class,
            run -> {
              assertThat(run.code()).isZero();
              assertThat(Modules.text(run.stdout())).contains(answer);
              assertThat(run.stderr()).isEmpty();
            });
  }
}
