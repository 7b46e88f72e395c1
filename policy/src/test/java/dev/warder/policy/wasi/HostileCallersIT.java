package dev.warder.policy.wasi;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.host.CapabilityList;
import dev.warder.policy.host.Grants;
import dev.warder.policy.host.HostServices;
import dev.warder.policy.host.oci.OciCalls;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnreadableJsonException;
import dev.warder.policy.testing.GoGuests;
import dev.warder.policy.verify.TrustRoot;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modules that call the host as no compiler would let them; each ends its own run and no more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileCallersIT {
  private static final int PAGE = 65_536;
  private static final int CALL = 0x10;

  /** Where the data of the modules is: the names, and what a call takes. */
  private static final String DATA = "kubewarden|net|v1/dns_lookup_host|\"localhost\"|";

  private static final int NAMESPACE = DATA.indexOf("net");
  private static final int OPERATION = DATA.indexOf("v1/");
  private static final int PAYLOAD = DATA.indexOf('"');
  private static final int PAYLOAD_LENGTH = "\"localhost\"".length();
  private static final int NOT_UTF8 = DATA.length();

  private static final String PROBE =
      "{\"request\":{},\"settings\":{\"calls\":[{\"namespace\":\"net\",\"operation\":"
          + "\"v1/dns_lookup_host\",\"payload\":\"localhost\"}]}}";

  private final Guests guests = new Guests();
  private final ImageRegistries registries =
      new ImageRegistries(FetchLimits.forImages(), Sources.none());
  private final OciCalls oci = new OciCalls(registries, TrustRoot::publicGood, Clock.systemUTC());
  private final HostServices services = new HostServices(Optional.empty(), oci);
  private CompiledModule probe;

  @BeforeAll
  void compile() {
    probe = guests.compiled(GoGuests.caller());
  }

  @AfterEach
  void othersAreServedAndNothingIsLeftRunning() {
    assertThat(run(probe, Modules.utf8(PROBE)))
        .isInstanceOfSatisfying(
            Run.Exited.class,
            run -> assertThat(Modules.text(run.stdout())).contains("ips", "127.0.0.1"));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("host-"))
                    .noneMatch(thread -> thread.getState() == Thread.State.RUNNABLE));
  }

  @AfterAll
  void close() {
    guests.close();
    services.close();
    oci.close();
    registries.close();
  }

  private HostCallGate gate() {
    return value(services.open("hostile", new Grants(CapabilityList.ALL, Set.of()))).gate("uid");
  }

  private Run run(CompiledModule module, byte[] input) {
    return run(module, input, gate());
  }

  private Run run(CompiledModule module, byte[] input, HostCallGate gate) {
    return guests.onGuestThread(
        () -> {
          var run =
              module.run(Command.VALIDATE, input, Guests.AMPLE.withHostCalls(1_000_000), gate);
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          return run;
        });
  }

  /** Imports the call as function 0; the code is function 1. */
  private static byte[] module(boolean exportsMemory, Consumer<ModuleWriter> code) {
    var data = Modules.utf8(DATA);
    var writer =
        new ModuleWriter()
            .section(
                1,
                it ->
                    it.bytes(2, 0x60, 0, 0, 0x60, 8)
                        .bytes(0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 1, 0x7F))
            .section(2, it -> it.number(1).name("host").name("call").bytes(0, 1))
            .functions(1)
            .memory(1, 1);
    if (exportsMemory) {
      writer.section(7, it -> it.number(2).name("_start").bytes(0, 1).name("memory").bytes(2, 0));
    } else {
      writer.section(7, it -> it.number(1).name("_start").bytes(0, 1));
    }
    return writer
        .code(code)
        .section(
            11,
            it ->
                it.number(1)
                    .number(0)
                    .constant(0)
                    .bytes(ModuleWriter.END)
                    .number(data.length + 2)
                    .bytes(data)
                    .bytes(0xC3, 0x28))
        .bytes();
  }

  private static void call(ModuleWriter code, int... arguments) {
    for (var one : arguments) {
      code.constant(one);
    }
    code.bytes(CALL, 0, ModuleWriter.DROP);
  }

  private static final int[] GOOD = {0, 10, NAMESPACE, 3, OPERATION, 18, PAYLOAD, PAYLOAD_LENGTH};

  private Run once(int... arguments) {
    var module =
        module(
            true,
            code -> {
              call(code, GOOD);
              call(code, arguments);
              code.bytes(ModuleWriter.END);
            });
    return run(guests.compiled(module), new byte[0]);
  }

  @Test
  void aRightCallIsNone() {
    assertThat(once(GOOD)).isInstanceOf(Run.Exited.class);
  }

  /** Each of the four pairs in turn. */
  @ParameterizedTest
  @CsvSource({
    "65536, 1, out-of-range",
    "65535, 2, out-of-range",
    "-1, 1, out-of-range",
    "-2147483648, 1, out-of-range",
    "2147483647, 2147483647, out-of-range",
    "0, -1, out-of-range",
    "0, -2147483648, out-of-range",
    "1, -1, out-of-range",
    "-1, -1, out-of-range",
    "0, 65537, out-of-range"
  })
  void whatIsOutOfRangeEndsTheRun(int address, int length, String why) {
    for (var pair = 0; pair < 4; pair++) {
      var arguments = GOOD.clone();
      arguments[2 * pair] = address;
      arguments[2 * pair + 1] = length;
      assertTrapped(once(arguments), why);
    }
  }

  @Test
  void namesThatAreNotUtf8OrTooLongEndTheRun() {
    for (var pair = 0; pair < 3; pair++) {
      var arguments = GOOD.clone();
      arguments[2 * pair] = NOT_UTF8;
      arguments[2 * pair + 1] = 2;
      assertTrapped(once(arguments), "not UTF-8");
      arguments[2 * pair] = 0;
      arguments[2 * pair + 1] = PAGE;
      assertTrapped(once(arguments), "longer than 1024 bytes");
    }
  }

  @Test
  void emptyRangesAtTheVeryEndAreNoTrap() {
    assertThat(once(PAGE, 0, PAGE, 0, PAGE, 0, PAGE, 0)).isInstanceOf(Run.Exited.class);
    assertTrapped(once(PAGE + 1, 0, PAGE, 0, PAGE, 0, PAGE, 0), "out-of-range");
  }

  @Test
  void aModuleThatExportsNoMemoryEndsItsRun() {
    var module =
        module(
            false,
            code -> {
              call(code, GOOD);
              code.bytes(ModuleWriter.END);
            });
    assertTrapped(run(guests.compiled(module), new byte[0]), "the module exports no memory named");
  }

  private static void assertTrapped(Run run, String why) {
    assertThat(run)
        .isInstanceOfSatisfying(
            Run.Trapped.class, trapped -> assertThat(trapped.toString()).contains(why));
  }

  /** Calls the host, and then itself, until there is no stack. */
  private static byte[] deeper() {
    return module(
        true,
        code -> {
          call(code, GOOD);
          code.bytes(CALL, 1, ModuleWriter.END);
        });
  }

  @Test
  void aCallAtTheEndOfTheStackEndsTheRunAndLeavesTheHostWhole() {
    var module = guests.compiled(deeper());
    for (var i = 0; i < 5; i++) {
      assertThat(run(module, new byte[0]))
          .isInstanceOfSatisfying(
              Run.Overran.class, over -> assertThat(over.budget()).isEqualTo(Overrun.CALL_DEPTH));
    }
  }

  @Test
  void behindTheGateThereIsStackForWhateverIsAsked() {
    var deepest = Modules.utf8("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH));
    var begun = new AtomicInteger();
    var done = new AtomicInteger();
    HostCallGate gate =
        call -> {
          // Where there is no stack, nobody can tell of it afterwards.
          begun.incrementAndGet();
          try {
            assertThat(Json.read(deepest).toString()).hasSize(deepest.length);
          } catch (UnreadableJsonException e) {
            throw new AssertionError(e);
          }
          assertThat(depth(500)).isEqualTo(500);
          done.incrementAndGet();
          return HostCallGate.Reply.empty();
        };
    assertThat(run(guests.compiled(deeper()), new byte[0], gate))
        .isInstanceOfSatisfying(
            Run.Overran.class, over -> assertThat(over.budget()).isEqualTo(Overrun.CALL_DEPTH));
    assertThat(begun).hasValueGreaterThan(100);
    assertThat(done).hasValue(begun.get());
  }

  private static int depth(int more) {
    return more == 0 ? 0 : 1 + depth(more - 1);
  }
}
