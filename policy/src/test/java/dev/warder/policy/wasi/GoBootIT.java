package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.warder.policy.wasi.golang.Attempt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a boot gives depends on its conditions and on nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoBootIT {
  private static final int PAGES = 2048;
  private static final Function<Instance, Machine> INTERPRETER = InterpreterMachine::new;

  private final WasmModule module = Parser.parse(Modules.sample("raw-quota"));
  private final Guests guests = new Guests();

  @AfterAll
  void close() {
    guests.close();
  }

  @Test
  void theSameConditionsGiveTheSameState() {
    var first = booted(boot(conditions(1), INTERPRETER));
    var second = booted(boot(conditions(1), INTERPRETER));
    assertThat(second.stop().memory()).isEqualTo(first.stop().memory());
    assertThat(second.stop().globals()).isEqualTo(first.stop().globals());
    assertThat(first.descriptorFlags()).containsExactly(4, 4, 4);
    assertThat(booted(boot(conditions(2), INTERPRETER)).stop().memory())
        .isNotEqualTo(first.stop().memory());
  }

  @Test
  void compiledCodeGivesTheSameStateAsAnInterpreter() throws IOException {
    var parts = new HeldParts();
    new ProgramBuilder(new ModuleChecks(new HostFunctions()), Duration.ofMinutes(1))
        .build(Modules.sample("raw-quota"), parts);
    var compiled = new ProgramClassLoader(parts).machines();
    assertThat(booted(boot(conditions(1), compiled)).stop().memory())
        .isEqualTo(booted(boot(conditions(1), INTERPRETER)).stop().memory());
  }

  @Test
  void anInterruptEndsIt() {
    var attempt =
        guests.onGuestThread(
            () -> {
              Thread.currentThread().interrupt();
              var ended = new GoBoot(module, INTERPRETER, conditions(1)).run(Command.VALIDATE);
              assertThat(Thread.interrupted()).isTrue();
              return ended;
            });
    assertThat(attempt).isEqualTo(Attempt.refused("the module starts too slowly"));
  }

  @Test
  void itsMemoryIsBounded() {
    assertThat(boot(new GoBoot.Conditions(new byte[1], Instant.EPOCH, 10), INTERPRETER))
        .isInstanceOfSatisfying(
            Attempt.Refused.class,
            refused -> assertThat(refused.reason()).asString().contains("more memory than it may"));
  }

  private Attempt<GoBoot.Booted> boot(
      GoBoot.Conditions conditions, Function<Instance, Machine> machines) {
    return guests.onGuestThread(
        () -> new GoBoot(module, machines, conditions).run(Command.VALIDATE));
  }

  private static GoBoot.Conditions conditions(int seed) {
    return new GoBoot.Conditions(new byte[] {(byte) seed}, Instant.EPOCH, PAGES);
  }

  private static GoBoot.Booted booted(Attempt<GoBoot.Booted> attempt) {
    return switch (attempt) {
      case Attempt.Made<GoBoot.Booted>(var made) -> made;
      case Attempt.Refused<GoBoot.Booted>(var reason) -> throw new AssertionError(reason);
    };
  }
}
