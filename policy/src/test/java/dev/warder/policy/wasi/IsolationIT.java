package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No run sees anything of another. The module writes all of its memory and its global to stdout
 * before it reads anything, then keeps its input wherever it can, and ends as the input says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IsolationIT {
  private static final int PAGE = 1 << 16;
  private static final int GLOBAL_BYTES = 8;
  private static final int ROUNDS = 5;
  private static final EvaluationBudget SMALL = Guests.AMPLE.withMemoryPages(64);

  private static final int INPUT_AT = 1024;
  private static final int INPUT_BYTES = 32 << 10;
  private static final int SCRATCH_AT = 16;

  private static final int CALL = 0x10;
  private static final int BRANCH_IF = 0x0D;
  private static final int GLOBAL_GET = 0x23;
  private static final int GLOBAL_SET = 0x24;
  private static final int LOAD_I64 = 0x29;
  private static final int LOAD_BYTE = 0x2D;
  private static final int STORE_I32 = 0x36;
  private static final int STORE_I64 = 0x37;
  private static final int MEMORY_SIZE = 0x3F;
  private static final int MEMORY_GROW = 0x40;
  private static final int EQUAL = 0x46;
  private static final int SUBTRACT = 0x6B;
  private static final int SHIFT_LEFT = 0x74;
  private static final int MEMORY_COPY = 10;

  private static final int FD_READ = 0;
  private static final int FD_WRITE = 1;

  /** How a run ends, by the first byte of its input. */
  enum Deed {
    ANSWER('a'),
    TRAP('t'),
    LOOP('l'),
    FILL('f');

    private final char command;

    Deed(char command) {
      this.command = command;
    }

    EvaluationBudget budget() {
      return switch (this) {
        case ANSWER, TRAP -> Guests.AMPLE;
        case LOOP -> Guests.BRIEF;
        case FILL -> SMALL;
      };
    }
  }

  private final Guests guests = new Guests();
  private final SecureRandom random = new SecureRandom();
  private CompiledModule module;

  @BeforeAll
  void compile() {
    module = guests.compiled(module());
  }

  @AfterAll
  void close() {
    guests.close();
  }

  @Test
  void theDetectorDetects() {
    var pages = new byte[PAGE];
    ByteBuffer.wrap(pages).order(ByteOrder.LITTLE_ENDIAN).putInt(4, PAGE);

    assertThat(memory(look())).isEqualTo(pages);
    assertThat(global(look())).isEqualTo(new byte[GLOBAL_BYTES]);
    // What it keeps, it would show: the same run a second time in one instance.
    assertThat(guests.validate(guests.compiled(twice()), marked('a', "kept"), Guests.AMPLE))
        .isInstanceOfSatisfying(
            Run.Exited.class,
            run ->
                assertThat(Modules.text(run.stdout())).contains("kept").hasSizeGreaterThan(PAGE));
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfARunIsLeftForTheNext(Deed deed) {
    var fresh = look();
    for (var round = 0; round < ROUNDS; round++) {
      var marker = marker();
      expectEnd(deed, guests.validate(module, marked(deed.command, marker), deed.budget()));

      for (var after : List.of(look(), look())) {
        assertThat(HexFormat.of().formatHex(after))
            .doesNotContain(HexFormat.of().formatHex(Modules.utf8(marker)));
        assertThat(after).isEqualTo(fresh);
      }
    }
  }

  private static void expectEnd(Deed deed, Run run) {
    switch (deed) {
      case ANSWER -> assertThat(run).isInstanceOf(Run.Exited.class);
      case TRAP -> assertThat(run).isInstanceOf(Run.Trapped.class);
      case LOOP -> expectOverrun(Overrun.TIME, run);
      case FILL -> expectOverrun(Overrun.MEMORY, run);
    }
  }

  private static void expectOverrun(Overrun budget, Run run) {
    assertThat(run)
        .isInstanceOfSatisfying(
            Run.Overran.class, over -> assertThat(over.budget()).isEqualTo(budget));
  }

  /** What the module finds when it starts. */
  private byte[] look() {
    var run = guests.validate(module, marked('a', ""), Guests.AMPLE);
    assertThat(run).isInstanceOf(Run.Exited.class);
    var found = ((Run.Exited) run).stdout();
    assertThat(found).hasSize(PAGE + GLOBAL_BYTES);
    return found;
  }

  private static byte[] memory(byte[] found) {
    return Arrays.copyOf(found, PAGE);
  }

  private static byte[] global(byte[] found) {
    return Arrays.copyOfRange(found, PAGE, PAGE + GLOBAL_BYTES);
  }

  private String marker() {
    return "%016x".formatted(random.nextLong());
  }

  /** The command and then the marker all over. */
  private static byte[] marked(char command, String marker) {
    var copies = marker.isEmpty() ? 0 : (INPUT_BYTES - 1) / marker.length();
    return Modules.utf8(command + marker.repeat(copies));
  }

  private static byte[] module() {
    return module(it -> it.bytes(CALL, 3));
  }

  /** Does its work two times in one run, which is what a leak between two runs would look like. */
  private static byte[] twice() {
    return module(it -> it.bytes(CALL, 3, CALL, 3));
  }

  private static byte[] module(Consumer<ModuleWriter> start) {
    var writer = new ModuleWriter();
    writer.section(
        1, it -> it.bytes(2, 0x60, 0, 0).bytes(0x60, 4, 0x7F, 0x7F, 0x7F, 0x7F, 1, 0x7F));
    writer.section(
        2,
        it ->
            it.number(2)
                .name(TestHost.WASI)
                .name("fd_read")
                .bytes(0, 1)
                .name(TestHost.WASI)
                .name("fd_write")
                .bytes(0, 1));
    writer.section(3, it -> it.bytes(2, 0, 0));
    writer.memory(1, 2048);
    writer.section(6, it -> it.bytes(1, 0x7E, 1, 0x42, 0, ModuleWriter.END));
    writer.section(7, it -> it.number(2).name("_start").bytes(0, 2).name("memory").bytes(2, 0));
    var body = new ModuleWriter[] {function(start), function(IsolationIT::work)};
    writer.section(
        10,
        it -> {
          it.number(body.length);
          for (var function : body) {
            var code = function.bytes();
            it.number(code.length - HEADER_BYTES);
            for (var at = HEADER_BYTES; at < code.length; at++) {
              it.bytes(code[at]);
            }
          }
        });
    return writer.bytes();
  }

  private static final int HEADER_BYTES = 8;

  private static ModuleWriter function(Consumer<ModuleWriter> body) {
    var code = new ModuleWriter().number(0);
    body.accept(code);
    return code.bytes(ModuleWriter.END);
  }

  private static void work(ModuleWriter it) {
    // All of memory, but for the vector that says so.
    store(it, 0, w -> w.constant(0));
    store(it, 4, w -> w.bytes(MEMORY_SIZE, 0).constant(16).bytes(SHIFT_LEFT));
    transfer(it, FD_WRITE, 1);
    // The global.
    it.constant(SCRATCH_AT).bytes(GLOBAL_GET, 0, STORE_I64, 3, 0);
    vector(it, SCRATCH_AT, GLOBAL_BYTES);
    transfer(it, FD_WRITE, 1);
    // The input, into the first page, the global, and a page of its own.
    vector(it, INPUT_AT, INPUT_BYTES);
    transfer(it, FD_READ, 0);
    it.constant(INPUT_AT + 1).bytes(LOAD_I64, 0, 0, GLOBAL_SET, 0);
    keepInANewPage(it);
    onCommand(it, 't', then -> then.bytes(ModuleWriter.UNREACHABLE));
    onCommand(
        it,
        'l',
        then ->
            then.bytes(
                ModuleWriter.LOOP, ModuleWriter.NOTHING, ModuleWriter.BRANCH, 0, ModuleWriter.END));
    onCommand(
        it,
        'f',
        then -> {
          then.bytes(ModuleWriter.LOOP, ModuleWriter.NOTHING);
          keepInANewPage(then);
          then.constant(1).bytes(BRANCH_IF, 0, ModuleWriter.END);
        });
  }

  /** Traps when there is no more memory. */
  private static void keepInANewPage(ModuleWriter it) {
    it.constant(1).bytes(MEMORY_GROW, 0).constant(-1).bytes(EQUAL);
    it.bytes(ModuleWriter.IF, ModuleWriter.NOTHING, ModuleWriter.UNREACHABLE, ModuleWriter.END);
    it.bytes(MEMORY_SIZE, 0).constant(1).bytes(SUBTRACT).constant(16).bytes(SHIFT_LEFT);
    it.constant(INPUT_AT).constant(INPUT_BYTES).bytes(ModuleWriter.PREFIX, MEMORY_COPY, 0, 0);
  }

  private static void onCommand(ModuleWriter it, char command, Consumer<ModuleWriter> then) {
    it.constant(INPUT_AT).bytes(LOAD_BYTE, 0, 0).constant(command).bytes(EQUAL);
    it.bytes(ModuleWriter.IF, ModuleWriter.NOTHING);
    then.accept(it);
    it.bytes(ModuleWriter.END);
  }

  private static void vector(ModuleWriter it, int address, int length) {
    store(it, 0, w -> w.constant(address));
    store(it, 4, w -> w.constant(length));
  }

  private static void store(ModuleWriter it, int address, Consumer<ModuleWriter> value) {
    it.constant(address);
    value.accept(it);
    it.bytes(STORE_I32, 2, 0);
  }

  private static void transfer(ModuleWriter it, int function, int descriptor) {
    it.constant(descriptor).constant(0).constant(1).constant(8);
    it.bytes(CALL, function, ModuleWriter.DROP);
  }
}
