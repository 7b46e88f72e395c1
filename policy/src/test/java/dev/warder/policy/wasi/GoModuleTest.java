package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.dylibso.chicory.wasm.Parser;
import dev.warder.policy.Outcome;
import dev.warder.policy.metadata.PolicyMetadata;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.golang.Attempt;
import dev.warder.policy.wasi.golang.BootStop;
import dev.warder.policy.wasi.golang.Entry;
import dev.warder.policy.wasi.golang.GoModule;
import dev.warder.policy.wasi.golang.PreinitialisedModule;
import dev.warder.policy.wasi.golang.Snapshot;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken for a Go module, and why other modules and states are not. */
final class GoModuleTest {
  private static final int STACK_POINTER = 32_768;

  @Test
  void theShapeIsFoundWithItsLoop() {
    assertThat(made(GoModule.of(new GoShaped().bytes())).loopFunction()).isEqualTo(6);
    assertThat(GoModule.of(new GoShaped().body(6, GoShaped.LOOP_WITH_LOCAL).bytes()))
        .isInstanceOf(Attempt.Made.class);
  }

  @Test
  void acceptsALoopOf16BitsAsOlderReleasesHaveIt() {
    var older = new GoShaped().body(6, replaced(GoShaped.LOOP, 20, 0x2f)).bytes();
    assertThat(GoModule.of(older)).isInstanceOf(Attempt.Made.class);
  }

  /** More functions than 16 bits can name. */
  private static void largeTable(GoShaped module) {
    var functions = new int[1 << 16];
    Arrays.fill(functions, 4);
    module.section(4, it -> it.bytes(1, 0x70, 0).number(GoShaped.TABLE_FROM + functions.length));
    module.section(
        9,
        it ->
            it.bytes(1, 0)
                .constant(GoShaped.TABLE_FROM)
                .bytes(0x0b)
                .number(functions.length)
                .bytes(functions));
  }

  static Stream<Arguments> strangeModules() {
    return Stream.of(
        strange("malformed", it -> it.section(13, in -> in.number(0)), "section of number 13"),
        strange("start", it -> it.section(8, in -> in.number(5)), "start section"),
        strange("no table", it -> it.without(4), "no table"),
        strange("no memory", it -> it.without(5), "no memory"),
        strange("two memories", it -> it.section(5, in -> in.bytes(2, 0, 1, 0, 1)), "memory"),
        strange("shared memory", it -> it.section(5, in -> in.bytes(1, 3, 1, 1)), "another kind"),
        strange("limits", it -> it.section(5, in -> in.bytes(1, 1, 2, 1)), "limits of its memory"),
        strange(
            "seven globals",
            it -> it.section(6, in -> GoShaped.globals(in, "illllll")),
            "its globals"),
        strange(
            "other globals",
            it -> it.section(6, in -> GoShaped.globals(in, "lilllllI")),
            "its globals"),
        strange(
            "constant global",
            it -> it.section(6, in -> GoShaped.globals(in, "Illlllli")),
            "its globals"),
        strange(
            "computed global",
            it -> it.section(6, in -> in.bytes(1, 0x7f, 1, 0x23, 0, 0x0b)),
            "not a constant"),
        strange("types", it -> it.section(1, in -> in.bytes(1, 0x5f, 0)), "not functions"),
        strange("vectors", it -> it.section(1, in -> in.bytes(1, 0x60, 1, 0x7b, 0)), "not numbers"),
        strange(
            "imported memory",
            it -> it.section(2, in -> in.number(1).name("a").name("b").bytes(2, 0, 1)),
            "not a function"),
        strange(
            "table of others",
            it -> it.section(4, in -> in.bytes(1, 0x6f, 0, 1)),
            "does not hold functions"),
        strange(
            "small table",
            it -> it.section(4, in -> in.bytes(1, 0x70, 0).number(4097)),
            "too small"),
        strange(
            "table from 0",
            it -> it.section(9, in -> in.bytes(1, 0, 0x41, 0, 0x0b, 0)),
            "from 4096 on"),
        strange(
            "two element segments",
            it -> it.section(9, in -> in.number(2)),
            "more than one element segment"),
        strange(
            "element of nothing",
            it -> it.section(9, in -> in.bytes(1, 0).constant(4096).bytes(0x0b, 1, 99)),
            "no function of number 99"),
        strange("no code", it -> it.section(10, in -> in.number(0)), "functions without code"),
        strange(
            "library",
            it -> it.section(7, in -> in.number(1).name("_initialize").bytes(0, 4)),
            "build a command"),
        strange(
            "imported start",
            it -> it.section(7, in -> in.number(1).name("_start").bytes(0, 0)),
            "no function _start"),
        strange("one call", it -> it.body(4, 0x10, 6, 0x0b), "makes 1 calls instead of two"),
        strange(
            "loop that is not there",
            it -> it.body(4, 0x10, 5, 0x1a, 0x10, 99, 0x0b),
            "does not end in the loop"),
        strange(
            "long loop",
            it -> it.body(6, IntStream.range(0, 5000).map(i -> i < 4999 ? 1 : 0x0b).toArray()),
            "does not end in the loop"),
        strange(
            "many imports",
            it -> it.section(2, in -> in.number(2000).bytes(new byte[10_000])),
            "more than 1000 imports"),
        strange("no loop", it -> it.body(6, 0x0b), "does not end in the loop"),
        strange(
            "loop elsewhere",
            it -> it.body(6, replaced(GoShaped.LOOP, 10, 16)),
            "does not end in the loop"),
        strange(
            "loop of 16 bits with a large table",
            it -> largeTable(it.body(6, replaced(GoShaped.LOOP, 20, 0x2f))),
            "does not end in the loop"),
        strange(
            "loop that moves",
            it -> it.body(6, 0x41, 0, 0x24, 0, 0x0b),
            "does not end in the loop"),
        strange("loop without values", it -> it.body(6, 0x1a, 0x0b), "does not end in the loop"),
        strange(
            "other indirect calls",
            it -> it.body(5, 0x41, 0, 0x11, 0, 0, 0x41, 0, 0x0b),
            "cannot resume"),
        strange("call of nothing", it -> it.body(5, 0x10, 99, 0x0b), "does not exist"),
        strange("table.set", it -> it.body(5, 0x26, 0, 0x0b), "instruction 0x26"),
        strange("tail call", it -> it.body(5, 0x12, 5, 0x0b), "instruction 0x12"),
        strange("call by reference", it -> it.body(5, 0x14, 1, 0x0b), "instruction 0x14"),
        strange("exception", it -> it.body(5, 0x08, 0, 0x0b), "instruction 0x08"),
        strange("reference", it -> it.body(5, 0xd2, 0, 0x0b), "instruction 0xd2"),
        strange("vector instruction", it -> it.body(5, 0xfd, 12, 0x0b), "instruction 0xfd"),
        strange("memory.init", it -> it.body(5, 0xfc, 8, 0, 0, 0x0b), "instruction 0xfc08"),
        strange("table.grow", it -> it.body(5, 0xfc, 15, 0, 0x0b), "instruction 0xfc0f"),
        strange("second memory", it -> it.body(5, 0x3f, 1, 0x0b), "more than one table or memory"),
        strange("alignment", it -> it.body(5, 0x28, 0x40, 0, 0x0b), "aligned too widely"),
        strange("code after its end", it -> it.body(5, 0x41, 0, 0x0b, 0x0b), "follows the end"),
        strange("code without end", it -> it.body(5, 0x41, 0), "in the middle of something"),
        strange(
            "refused by its author",
            it -> it.annotations("{\"dev.warder.preinitialise\":\"false\"}"),
            "author refuses"),
        strange(
            "done already",
            it -> it.annotations("{\"dev.warder.preinitialised\":\"sha256:0\"}"),
            "already"),
        strange("wrong metadata", it -> it.annotations("[]"), "metadata"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangeModules")
  void aStrangeModuleIsRefusedWithItsReason(String name, Consumer<GoShaped> change, String reason) {
    var module = new GoShaped();
    change.accept(module);
    assertThat(refused(GoModule.of(module.bytes()))).startsWith("the module").contains(reason);
  }

  @Test
  void whatIsNoModuleIsRefused() {
    assertThat(refused(GoModule.of(new byte[0]))).contains("malformed");
    assertThat(refused(GoModule.of(Modules.utf8("\0asm\r\0\1\0")))).contains("component");
    assertThat(refused(GoModule.of(Modules.sample(Modules.C)))).contains("not as Go's compiler");
  }

  @Test
  void aSnapshotNamesTheWrapperOfTheCallBelowItsStackPointer() {
    var stop = stop(STACK_POINTER);
    stop.memory()[STACK_POINTER - 8] = 1;
    stop.memory()[STACK_POINTER - 4] = 1;
    var snapshot = made(made(GoModule.of(new GoShaped().bytes())).resume(stop));
    var wrapper = GoShaped.TABLE_FROM + GoShaped.FIRST_WRAPPER - 4 + GoShaped.FD_READ;
    assertThat(snapshot.memory()[STACK_POINTER - 6]).isEqualTo((byte) wrapper);
    assertThat(snapshot.memory()[STACK_POINTER - 5]).isEqualTo((byte) (wrapper >> 8));
    assertThat(snapshot.memory()[STACK_POINTER - 8]).isZero();
    assertThat(snapshot.memory()[STACK_POINTER - 4]).isZero();
    assertThat(stop.memory()[STACK_POINTER - 8]).isEqualTo((byte) 1);
    assertThat(snapshot.pages()).isEqualTo(1);
    assertThat(snapshot.loopFunction()).isEqualTo(6);
  }

  static Stream<Arguments> strangeWrappers() {
    var load = GoShaped.wrapper(2, 4);
    return Stream.of(
        strange("two callers", it -> it.body(5, 0x10, 2, 0x0b), ""),
        strange("writes", it -> it.body(9, before(load, 0x41, 0, 0x41, 0, 0x36, 2, 0)), ""),
        strange("moves the stack", it -> it.body(9, before(load, 0x41, 0, 0x24, 0)), ""),
        strange("branches", it -> it.body(9, before(load, 0x02, 0x40, 0x0c, 0, 0x0b)), ""),
        strange("calls another first", it -> it.body(9, before(load, 0x41, 0, 0x10, 5, 0x1a)), ""),
        strange("grows memory", it -> it.body(9, before(load, 0x41, 0, 0x40, 0, 0x1a)), ""),
        strange(
            "fills memory",
            it -> it.body(9, before(load, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0)),
            ""),
        strange(
            "is not in the table",
            it -> it.section(9, in -> elements(in, 4, 5, 6, 7, 8, 10, 10)),
            ""),
        strange(
            "is in the table twice",
            it -> it.section(9, in -> elements(in, 9, 5, 6, 7, 8, 9, 10)),
            ""),
        strange(
            "has a twin that differs",
            it -> it.body(10, before(GoShaped.wrapper(3, 4), 0x01)),
            ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangeWrappers")
  void aCallThatCannotBeRepeatedIsRefused(String name, Consumer<GoShaped> change, String unused) {
    var module = new GoShaped();
    change.accept(module);
    var go = made(GoModule.of(module.bytes()));
    assertThat(refused(go.resume(stop(STACK_POINTER)))).contains("import 2 cannot be repeated");
  }

  @Test
  void aStrangeStateIsRefused() {
    var go = made(GoModule.of(new GoShaped().bytes()));
    var paused = stop(STACK_POINTER);
    paused.globals()[7] = 1;
    assertThat(refused(go.resume(paused))).contains("pause flag");
    for (var stackPointer : new int[] {0, 4096, STACK_POINTER + 4, Snapshot.PAGE_BYTES - 64, -8}) {
      assertThat(refused(go.resume(stop(stackPointer)))).contains("stack pointer");
    }
    var used = stop(STACK_POINTER);
    used.memory()[4095] = 1;
    assertThat(refused(go.resume(used))).contains("first 4096 bytes");
    assertThat(refused(go.resume(new BootStop(2, new byte[1], new long[8])))).contains("not Go's");
    assertThat(refused(go.resume(new BootStop(2, new byte[0], new long[7])))).contains("not Go's");
    for (var number : new int[] {-1, 4}) {
      assertThat(refused(go.resume(new BootStop(number, new byte[0], new long[8]))))
          .contains("cannot be repeated");
    }
  }

  @Test
  void theWrittenModuleKeepsWhatItHadAndSaysWhatItIs() {
    var original = new GoShaped().annotations("{\"a\":\"b\"}").bytes();
    var written = write(original, stop(STACK_POINTER), stop(STACK_POINTER - 16));
    var parsed = Parser.parse(written.module());
    assertThat(parsed.codeSection().functionBodyCount()).isEqualTo(8);
    assertThat(parsed.memorySection().orElseThrow().getMemory(0).limits().initialPages())
        .isEqualTo(1);
    assertThat(metadata(written.module()).annotations())
        .containsEntry("a", "b")
        .containsEntry("dev.warder.preinitialised", Digest.of(original).toString());
    assertThat(Modules.text(written.module())).contains("\"new\":1");
    assertThat(refused(GoModule.of(written.module()))).contains("pre-initialised already");
  }

  @Test
  void aModuleThatCannotSayWhatItIsOrAskForItsArgumentsIsNotWritten() {
    var one = entry(new GoShaped().bytes(), "a\0b\0", stop(STACK_POINTER));
    var mute = new GoShaped();
    mute.section(
        2,
        it -> {
          it.number(4);
          GoShaped.wasi(it, "args_sizes", 2);
          GoShaped.wasi(it, "args_get", 2);
          GoShaped.wasi(it, "fd_read", 3);
          GoShaped.wasi(it, "fd_read", 3);
        });
    assertThat(refused(PreinitialisedModule.write(mute.bytes(), one, one)))
        .contains("does not import args_sizes_get");
    assertThat(refused(PreinitialisedModule.write(new GoShaped().mute().bytes(), one, one)))
        .contains("no section io.kubewarden.metadata");
  }

  private static PreinitialisedModule write(byte[] original, BootStop one, BootStop other) {
    return made(
        PreinitialisedModule.write(
            original, entry(original, "a\0b\0", one), entry(original, "a\0c\0", other)));
  }

  private static Entry entry(byte[] module, String arguments, BootStop stop) {
    return new Entry(
        Modules.utf8(arguments), made(GoModule.of(module).then(go -> go.resume(stop))));
  }

  private static BootStop stop(int stackPointer) {
    var globals = new long[8];
    globals[0] = stackPointer;
    return new BootStop(GoShaped.FD_READ, new byte[Snapshot.PAGE_BYTES], globals);
  }

  private static PolicyMetadata metadata(byte[] module) {
    return switch (PolicyMetadataReader.read(module)) {
      case Outcome.Done<PolicyMetadata>(var found) -> found;
      case Outcome.Failed<PolicyMetadata>(var failure) -> throw new AssertionError(failure);
    };
  }

  private static void elements(ModuleWriter out, int... functions) {
    out.bytes(1, 0).constant(4096).bytes(0x0b).number(functions.length).bytes(functions);
  }

  private static Arguments strange(String name, Consumer<GoShaped> change, String reason) {
    return arguments(name, change, reason);
  }

  private static int[] replaced(int[] code, int at, int value) {
    var copy = code.clone();
    copy[at] = value;
    return copy;
  }

  private static int[] before(int[] code, int... more) {
    return IntStream.concat(Arrays.stream(more), Arrays.stream(code)).toArray();
  }

  private static <T> T made(Attempt<T> attempt) {
    return switch (attempt) {
      case Attempt.Made<T>(var value) -> value;
      case Attempt.Refused<T>(var reason) -> throw new AssertionError(reason);
    };
  }

  private static String refused(Attempt<?> attempt) {
    return switch (attempt) {
      case Attempt.Made<?> made -> throw new AssertionError("made " + made);
      case Attempt.Refused<?> refused -> refused.reason();
    };
  }
}
