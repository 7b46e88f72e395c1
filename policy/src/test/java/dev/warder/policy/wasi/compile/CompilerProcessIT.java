package dev.warder.policy.wasi.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.wasi.store.DiskProgramStore;
import dev.warder.policy.wasi.store.ProgramLimits;
import dev.warder.policy.wasi.store.ProgramStoreKey;
import dev.warder.policy.wasi.store.StoredProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real child processes that behave in every way but well. */
@Timeout(180)
final class CompilerProcessIT {
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private DiskProgramStore store;
  private CompilerProcess compiler;

  static CompilerSettings settings() {
    return new CompilerSettings(
        TestCompiler.class.getName(),
        List.of(),
        new CompileMemory(24 * MIB, 1000, 64 * MIB),
        Duration.ofMinutes(2),
        Duration.ofMinutes(2),
        new ProgramLimits(10_000, 64, 1 << 20, 64 * MIB));
  }

  private static CompilerSettings withTimes(Duration limit, Duration idle) {
    var usual = settings();
    return new CompilerSettings(
        usual.mainClass(), usual.jvmOptions(), usual.memory(), limit, idle, usual.limits());
  }

  @BeforeEach
  void start() {
    store =
        new DiskProgramStore(
            directory.resolve("store"),
            ProgramStoreKey.fromFile(directory.resolve("key")),
            "test 1",
            256 * MIB,
            settings().limits());
    compiler = new CompilerProcess(settings(), store);
  }

  @AfterEach
  void stop() throws IOException {
    var pid = compiler.pid();
    compiler.close();
    pid.ifPresent(CompilerProcessIT::awaitEndOf);
    // Whatever happened, nothing but whole programs is left.
    try (var files = Files.list(directory.resolve("store/programs"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.matches("[0-9a-f]{64}"));
    }
  }

  @Test
  void whatTheChildMakesIsStored() throws Exception {
    try (var program = Outcomes.value(compile("blobs 3000 1000"))) {
      for (var kept : List.of(program, store.find(program.module()).orElseThrow())) {
        assertThat(kept.names()).hasSize(3000);
        for (int i = 0; i < 3000; i++) {
          assertThat(kept.read("blob/" + i).orElseThrow()).isEqualTo(TestCompiler.blob(i, 1000));
        }
      }
    }
  }

  @Test
  void oneChildServesManyModulesOneAfterTheOther() {
    var pids = new HashSet<String>();
    for (int i = 0; i < 10; i++) {
      pids.add(text(compile("pid " + i), "pid"));
    }
    assertThat(pids).hasSize(1);
  }

  @Test
  void callersQueueForOneChild() {
    var answers = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < 6; i++) {
      var module = "pid " + i;
      answers.add(CompletableFuture.supplyAsync(() -> text(compile(module), "pid")));
    }
    assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
  }

  @Test
  void aLargeModuleGetsALargerChildAndASmallOneGoesOnWithIt() {
    var small = text(compile("pid"), "pid");
    assertThat(heap("heap")).isLessThan(28 * MIB);
    assertThat(heap("heap" + " ".repeat(20_000))).isBetween(36 * MIB, 48 * MIB);
    var large = text(compile("pid 2"), "pid");
    assertThat(large).isNotEqualTo(small);
    assertThat(heap("heap ")).isBetween(36 * MIB, 48 * MIB);
    awaitEndOf(Long.parseLong(small));
  }

  @Test
  void theChildEndsWhenItIsIdle() {
    compiler.close();
    compiler = new CompilerProcess(withTimes(Duration.ofMinutes(1), Duration.ofMillis(200)), store);
    var first = text(compile("pid 1"), "pid");
    awaitEndOf(Long.parseLong(first));
    await().atMost(PATIENCE).until(() -> compiler.pid().isEmpty());
    assertThat(text(compile("pid 2"), "pid")).isNotEqualTo(first);
  }

  @Test
  void theChildIsOfLowPriorityAndSeesNoSecrets() {
    assertThat(text(compile("priority"), "priority")).isEqualTo("10");
    assertThat(text(compile("environment"), "environment").split(" ", -1))
        .isSubsetOf("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ");
  }

  @Test
  void theChildsReasonIsHandedOn() {
    var failure = failure("refuse ModuleImportUnknown");
    assertThat(failure).isEqualTo(new Failure(Reason.ModuleImportUnknown, "no good"));
    var pid = compiler.pid();
    compile("refuse ModuleNotWasm");
    assertThat(compiler.pid()).as("the same child").isEqualTo(pid);
  }

  @ParameterizedTest
  @CsvSource({
    "refuse PolicyEnforced, ModuleCompilerFailed, unknown reason",
    "throw, ModuleCompileFailed, lost my way",
    "recurse, ModuleCompileFailed, nested too deeply",
    "allocate, ModuleCompileFailed, needs more than the 64 MiB of heap",
    "allocate, ModuleCompileFailed, raise --compile-memory",
    "garbage, ModuleCompilerFailed, cannot be read: it sent a frame of kind 0x74",
    "exit 5, ModuleCompilerFailed, ended without an answer (exit code 5): about to exit",
    "exit 0, ModuleCompilerFailed, ended without an answer (exit code 0)",
    "stderr, ModuleCompilerFailed, (exit code 7): line 19999",
    "signal KILL, ModuleCompilerFailed, was killed (signal 9)",
    "signal TERM, ModuleCompilerFailed, was killed (signal 15)",
    "signal SEGV, ModuleCompilerFailed, the compiler process crashed",
    "blobs 10001 1, ModuleCompileFailed, more than 10000 parts",
    "blobs 100 1000000, ModuleCompileFailed, more than 67108864 bytes",
    "blobs 1 1048577, ModuleCompilerFailed, a part has 1048577 bytes",
  })
  void everyFailureHasItsReasonAndHarmsNoLaterModule(String module, Reason reason, String text) {
    var failure = failure(module);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(text).doesNotContain("\n");
    assertThat(store.find(Digest.of(bytes(module)))).isEmpty();
    Outcomes.value(compile("blobs 1 1")).close();
  }

  @Test
  void whatPrintsToStandardOutputDoesNotHarmTheAnswer() {
    assertThat(text(compile("print"), "printed")).isEqualTo("yes");
  }

  @Test
  void aModuleThatNeedsMoreThanItsSizeTellsIsGivenAllThereIs() {
    assertThat(text(compile("allocate-once 40000000"), "bytes")).isEqualTo("40000000");
  }

  @Test
  void aKillDuringCompilationIsTriedAgainOnce() {
    var seen = directory.resolve("seen");
    assertThat(text(compile("signal-once " + seen), "second")).isEqualTo("yes");
  }

  @Test
  void aModuleThatTakesTooLongIsGivenUp() throws Exception {
    compiler.close();
    compiler = new CompilerProcess(withTimes(Duration.ofSeconds(2), Duration.ofMinutes(1)), store);
    var tell = directory.resolve("pid");
    var failure = failure("hang " + tell);
    assertThat(failure.reason()).isEqualTo(Reason.ModuleCompilerFailed);
    assertThat(failure.message()).contains("took longer than 2.0 s: raise --compile-timeout");
    if (Files.exists(tell)) {
      awaitEndOf(Long.parseLong(Files.readString(tell)));
    }
  }

  @Test
  void anInterruptStopsTheWaitingAndTheWork() throws Exception {
    var tell = directory.resolve("pid");
    var answer = new CompletableFuture<Failure>();
    var flag = new CompletableFuture<Boolean>();
    var waiter =
        Thread.ofPlatform()
            .start(
                () -> {
                  answer.complete(failure("hang " + tell));
                  flag.complete(Thread.currentThread().isInterrupted());
                });
    var child = awaitPid(tell);
    waiter.interrupt();
    assertThat(answer.join().reason()).isEqualTo(Reason.InternalError);
    assertThat(answer.join().message()).contains("interrupted while waiting");
    assertThat(flag.join()).isTrue();
    awaitEndOf(child);
    Outcomes.value(compile("blobs 1 1")).close();
  }

  @Test
  void anInterruptInTheQueueLeavesTheOthersAlone() throws Exception {
    var tell = directory.resolve("pid");
    var first = CompletableFuture.supplyAsync(() -> failure("hang " + tell));
    var child = awaitPid(tell);
    var second = new CompletableFuture<Failure>();
    var waiter = Thread.ofPlatform().start(() -> second.complete(failure("blobs 1 1")));
    waiter.interrupt();
    assertThat(second.join().message()).contains("interrupted while waiting");
    assertThat(first).isNotDone();
    assertThat(ProcessHandle.of(child)).isPresent();
    compiler.close();
    assertThat(first.join().reason()).isEqualTo(Reason.InternalError);
  }

  @Test
  void closingEndsTheChildAndAllWaiting() throws Exception {
    var tell = directory.resolve("pid");
    var running = CompletableFuture.supplyAsync(() -> failure("hang " + tell));
    var child = awaitPid(tell);
    var queued = CompletableFuture.supplyAsync(() -> failure("blobs 1 1"));
    compiler.close();
    assertThat(running.join().reason()).isEqualTo(Reason.InternalError);
    assertThat(queued.join().reason()).isEqualTo(Reason.InternalError);
    awaitEndOf(child);
    assertThat(failure("blobs 1 1").message()).isEqualTo("the compiler was closed");
  }

  @Test
  void aKilledParentLeavesNoChild() throws Exception {
    var tell = directory.resolve("pid");
    var module = write("hang " + tell);
    var parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                TestParent.class.getName(),
                module.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("parent.log").toFile())
            .start();
    try {
      var child = awaitPid(tell);
      assertThat(ProcessHandle.of(child)).isPresent();
      parent.destroyForcibly();
      awaitEndOf(child);
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  @Test
  void aFileThatIsNotTheModuleIsNotCompiled() throws Exception {
    var file = write("blobs 1 1");
    var other = Outcomes.failure(compiler.compile(Digest.of(bytes("other")), file));
    assertThat(other.reason()).isEqualTo(Reason.ModuleStoreFailed);
    assertThat(other.message()).contains("no longer has the digest");
    var missing = directory.resolve("missing");
    assertThat(Outcomes.failure(compiler.compile(Digest.of(bytes("x")), missing)).message())
        .contains("the module " + missing + " cannot be read");
  }

  @Test
  void aChildThatCannotStartSaysWhy() {
    compiler.close();
    var usual = settings();
    compiler =
        new CompilerProcess(
            new CompilerSettings(
                "no.such.Main",
                usual.jvmOptions(),
                usual.memory(),
                usual.limit(),
                usual.idle(),
                usual.limits()),
            store);
    var failure = failure("blobs 1 1");
    assertThat(failure.reason()).isEqualTo(Reason.ModuleCompilerFailed);
    assertThat(failure.message()).contains("no.such.Main");
  }

  private Outcome<StoredProgram> compile(String module) {
    try {
      return compiler.compile(Digest.of(bytes(module)), write(module));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Failure failure(String module) {
    return Outcomes.failure(compile(module));
  }

  private Path write(String module) throws IOException {
    var bytes = bytes(module);
    return Files.write(directory.resolve(Digest.of(bytes).hex() + ".wasm"), bytes);
  }

  private long heap(String module) {
    return Long.parseLong(text(compile(module), "heap"));
  }

  private static String text(Outcome<StoredProgram> outcome, String name) {
    try (var program = Outcomes.value(outcome)) {
      return new String(program.read(name).orElseThrow(), StandardCharsets.UTF_8);
    } catch (dev.warder.policy.wasi.store.ProgramDamagedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long awaitPid(Path tell) throws IOException {
    await().atMost(PATIENCE).until(() -> Files.exists(tell));
    return Long.parseLong(Files.readString(tell));
  }

  private static void awaitEndOf(long pid) {
    await()
        .atMost(PATIENCE)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }
}
