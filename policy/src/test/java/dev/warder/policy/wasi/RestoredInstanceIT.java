package dev.warder.policy.wasi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.Execution.Mode;
import dev.warder.policy.wasi.Program.Origin;
import dev.warder.policy.wasi.machine.Image;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an instance that waits for its next evaluation still knows of the last one: nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RestoredInstanceIT {
  private static final int ROUNDS = 20;

  private final WasiEngine engine = new WasiEngine();
  private final Guests guests = new Guests();

  @AfterAll
  void close() {
    guests.close();
    engine.close();
  }

  @ParameterizedTest
  @CsvSource({
    "no-latest-tag, DIRECT",
    "raw-quota, PREINITIALISED",
    "pod-defaults, PREINITIALISED",
    "required-labels, PREINITIALISED"
  })
  void everyByteAndEveryGlobalIsTheImagesAgain(String sample, Mode mode) {
    var module = compiled(sample);
    assertThat(module.execution().mode()).isEqualTo(mode);
    var origin = mode == Mode.DIRECT ? Origin.BEGINNING : Origin.VALIDATE;
    for (int i = 0; i < ROUNDS; i++) {
      run(module, Command.VALIDATE, marked(i));
      assertRestored(module, module.program().image(origin), 1);
    }
  }

  @Test
  void aModuleRunDirectlyIsRestoredToItsBeginning() {
    var module = compiled("raw-quota").direct("to be tested");
    var image = module.program().image(Origin.BEGINNING);
    run(module, Command.VALIDATE, marked(1));
    assertRestored(module, image, 1);
  }

  @Test
  void rareRunsKeepNoInstance() {
    var module = compiled("raw-quota");
    var settings = module.program().image(Origin.VALIDATE_SETTINGS);
    var beginning = module.program().image(Origin.BEGINNING);
    run(module, Command.VALIDATE_SETTINGS, "{}");
    run(module.reference(), Command.VALIDATE, marked(1));
    assertRestored(module, settings, 0);
    assertRestored(module, beginning, 0);
  }

  @Test
  void anInstanceThatWasStoppedIsNotKept() {
    var module = compiled("required-labels");
    var tooLittle = Guests.AMPLE.withTime(Duration.ofNanos(1));
    var run =
        guests.onGuestThread(
            () ->
                module.run(
                    Command.VALIDATE, marked(1).getBytes(StandardCharsets.UTF_8), tooLittle));
    assertThat(run)
        .isInstanceOfSatisfying(
            Run.Overran.class, over -> assertThat(over.budget()).isEqualTo(Overrun.TIME));
    var image = module.program().image(Origin.VALIDATE);
    assertThat(module.context().instances().take(image)).isNull();
  }

  private CompiledModule compiled(String sample) {
    var bytes = Modules.sample(sample);
    return switch (engine.compile(Digest.of(bytes), bytes)) {
      case Outcome.Done<CompiledModule>(var module) -> module;
      case Outcome.Failed<CompiledModule>(var failure) -> throw new AssertionError(failure);
    };
  }

  private static String marked(int round) {
    return "{\"request\":{\"uid\":\"%s\",\"object\":{\"metadata\":{\"name\":\"%s\"}}},\"settings\":{}}"
        .formatted(UUID.randomUUID(), "x".repeat(1 << (round % 16)));
  }

  private void run(CompiledModule module, Command command, String stdin) {
    var run =
        guests.onGuestThread(
            () -> module.run(command, stdin.getBytes(StandardCharsets.UTF_8), Guests.AMPLE));
    assertThat(run).isInstanceOf(Run.Exited.class);
  }

  private static void assertRestored(CompiledModule module, Image image, int instances) {
    var pool = module.context().instances();
    var taken = new ArrayList<PooledInstance>();
    for (var idle = pool.take(image); idle != null; idle = pool.take(image)) {
      taken.add(idle);
    }
    assertThat(taken).hasSize(instances);
    for (var idle : taken) {
      assertThat(requireNonNull(idle.live().memory()).equalTo(image)).isTrue();
      pool.give(image, idle);
    }
  }
}
