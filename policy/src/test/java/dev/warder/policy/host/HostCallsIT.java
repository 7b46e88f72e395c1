package dev.warder.policy.host;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.evaluation.PolicyPreparer;
import dev.warder.policy.evaluation.PreparationRequest;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.StepListener;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.fetch.ModuleStore;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.host.oci.OciCalls;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnreadableJsonException;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.GoGuests;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.wasi.Aside;
import dev.warder.policy.wasi.Command;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.Execution.Mode;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import dev.warder.policy.wasi.Overrun;
import dev.warder.policy.wasi.Run;
import dev.warder.policy.wasi.WasiEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A guest that is a real program asks a real host. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostCallsIT {
  private static final EvaluationBudget AMPLE =
      EvaluationBudget.defaults().withTime(Duration.ofMinutes(5));
  private static final EvaluationBudget BRIEF =
      EvaluationBudget.defaults().withTime(Duration.ofMillis(500));
  private static final Grants ALL = new Grants(CapabilityList.ALL, Set.of());
  private static final String POD =
      "{\"uid\":\"u\",\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"},"
          + "\"operation\":\"CREATE\",\"object\":{\"metadata\":{\"name\":\"n\"}}}";

  static {
    // It would tell of every call that is refused.
    ((Logger) LoggerFactory.getLogger(HostGate.class)).setLevel(Level.INFO);
  }

  @TempDir Path folder;

  private final WasiEngine engine = new WasiEngine();
  private final ImageRegistries registries =
      new ImageRegistries(FetchLimits.forImages(), Sources.none());
  private final OciCalls oci = new OciCalls(registries, TrustRoot::publicGood, Clock.systemUTC());
  private final CountDownLatch release = new CountDownLatch(1);
  private final HostServices services =
      new HostServices(Optional.empty(), oci, this::resolve, backend -> backend);
  private final AtomicInteger waits = new AtomicInteger();
  private final ExecutorService guests =
      Executors.newSingleThreadExecutor(
          GuestThreads.factory(
              "test-guest",
              new Aside() {
                @Override
                public <T> T waiting(Wait<T> wait) throws InterruptedException {
                  waits.incrementAndGet();
                  return wait.outcome();
                }
              }));
  private CompiledModule caller;

  private List<InetAddress> resolve(String name) throws UnknownHostException {
    if (name.startsWith("slow")) {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new UnknownHostException("interrupted");
      }
    }
    if (name.startsWith("missing")) {
      throw new UnknownHostException(name);
    }
    return List.of(InetAddress.ofLiteral("192.0.2.7"));
  }

  @BeforeAll
  void compile() {
    caller = compiled(GoGuests.caller());
    assertThat(caller.execution().mode()).isEqualTo(Mode.PREINITIALISED);
  }

  @AfterAll
  void close() {
    release.countDown();
    guests.shutdownNow();
    services.close();
    oci.close();
    registries.close();
    engine.close();
  }

  private CompiledModule compiled(byte[] module) {
    return value(engine.compile(Digest.of(module), module));
  }

  private <T> T onGuestThread(Callable<T> task) {
    try {
      return guests.submit(task).get();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError("the guest thread threw", e.getCause());
    }
  }

  private Run run(CompiledModule module, String calls, EvaluationBudget budget, Grants grants) {
    var input =
        "{\"request\":%s,\"settings\":{\"calls\":[%s]}}"
            .formatted(POD, calls)
            .getBytes(StandardCharsets.UTF_8);
    var gate = value(services.open("policy", grants)).gate("uid");
    return onGuestThread(() -> module.run(Command.VALIDATE, input, budget, gate));
  }

  private static String call(String path, String payload) {
    var slash = path.indexOf('/');
    return "{\"namespace\":\"%s\",\"operation\":\"%s\",\"payload\":%s}"
        .formatted(path.substring(0, slash), path.substring(slash + 1), payload);
  }

  private static String lookUp(String name) {
    return call("net/v1/dns_lookup_host", "\"" + name + "\"");
  }

  private static JsonNode read(byte[] json) {
    try {
      return Json.read(json);
    } catch (UnreadableJsonException e) {
      throw new AssertionError(e);
    }
  }

  private static String message(Run run) {
    assertThat(run).isInstanceOf(Run.Exited.class);
    return read(((Run.Exited) run).stdout()).path("message").asText();
  }

  /** What came of the calls, the same from the snapshot and from the module's beginning. */
  private JsonNode results(String... calls) {
    var all = String.join(",", calls);
    var message = message(run(caller, all, AMPLE, ALL));
    assertThat(message(run(caller.direct("to compare with"), all, AMPLE, ALL))).isEqualTo(message);
    return read(message.getBytes(StandardCharsets.UTF_8));
  }

  private static String result(int code, String reply) {
    return Json.object()
        .put("result", code)
        .put("reply", reply)
        .put("bytes", reply.getBytes(StandardCharsets.UTF_8).length)
        .toString();
  }

  @Test
  void aReplyIsReadFromStdin() {
    assertThat(results(lookUp("a.test")))
        .hasToString("[" + result(0, "{\"ips\":[\"192.0.2.7\"]}") + "]");
  }

  @Test
  void aLogEntryIsAnsweredByNothing() {
    assertThat(results(call("tracing/log", "{\"level\":\"info\",\"message\":\"m\"}")))
        .hasToString("[" + result(0, "") + "]");
    assertThat(results(call("tracing/log", "5"))).hasToString("[" + result(0, "") + "]");
  }

  @Test
  void eachCallHasAReplyOfItsOwn() {
    var results =
        results(
            lookUp("a.test"),
            lookUp("missing.test"),
            call("tracing/log", "{\"level\":\"info\"}"),
            lookUp("b.test"),
            call("nowhere/nothing", "{}"),
            call("kubernetes/can_i", "{}"));
    assertThat(results.get(0)).hasToString(result(0, "{\"ips\":[\"192.0.2.7\"]}"));
    assertThat(results.get(1).path("result").intValue()).isOne();
    assertThat(results.get(1).path("reply").asText())
        .isEqualTo(
            "Callback evaluation failure: cannot look up missing.test: no such host, or no resolver"
                + " answers");
    assertThat(results.get(2)).hasToString(result(0, ""));
    assertThat(results.get(3)).isEqualTo(results.get(0));
    assertThat(results.get(4)).hasToString(result(1, "unknown namespace: nowhere"));
    assertThat(results.get(5).path("reply").asText())
        .isEqualTo(
            "the payload of kubernetes/can_i cannot be read: payload.subject_access_review is"
                + " missing");
    assertThat(results).hasSize(6);
  }

  @Test
  void withoutGrantsTheGuestIsToldSo() {
    var message = message(run(caller, lookUp("a.test"), AMPLE, Grants.NONE));
    assertThat(message).contains("has not been granted access to", "net/v1/dns_lookup_host");
    assertThat(message).contains("\"result\":1");
  }

  @Test
  void whatWasNotReadComesBeforeTheReply() {
    var early = compiled(GoGuests.earlyCaller("\"early.test\""));
    var input = "{\"request\":{},\"settings\":{}}";
    for (var module : List.of(early, early.direct("to compare with"))) {
      var gate = value(services.open("policy", ALL)).gate("uid");
      var run =
          onGuestThread(
              () ->
                  module.run(
                      Command.VALIDATE, input.getBytes(StandardCharsets.UTF_8), AMPLE, gate));
      assertThat(message(run)).isEqualTo("0 " + input + "{\"ips\":[\"192.0.2.7\"]}");
    }
  }

  @Test
  void aPayloadOfMoreThan4MibIsRefusedAndTheGuestGoesOn() {
    var over = 4 * 1024 * 1024 + 1;
    var results =
        results(
            "{\"namespace\":\"oci\",\"operation\":\"v1/verify\",\"blank\":%d}".formatted(over),
            "{\"namespace\":\"oci\",\"operation\":\"v1/verify\",\"blank\":%d}".formatted(over - 1),
            lookUp("a.test"));
    assertThat(results.get(0))
        .hasToString(result(1, "the payload of \"oci/v1/verify\" is larger than 4194304 bytes"));
    assertThat(results.get(1))
        .hasToString(
            result(1, "the payload of oci/v1/verify cannot be read: nothing but white space"));
    assertThat(results.get(2).path("result").intValue()).isZero();
  }

  @Test
  void aNameOfMoreThan1024BytesEndsTheRun() {
    for (var member : List.of("binding", "namespace", "operation")) {
      var call = (ObjectNode) read(lookUp("a.test").getBytes(StandardCharsets.UTF_8));
      call.put(member, "x".repeat(1024));
      assertThat(run(caller, call.toString(), AMPLE, ALL)).isInstanceOf(Run.Exited.class);
      call.put(member, "x".repeat(1025));
      assertThat(run(caller, call.toString(), AMPLE, ALL))
          .isInstanceOfSatisfying(
              Run.Trapped.class,
              trapped -> assertThat(trapped.toString()).contains("longer than 1024 bytes"));
    }
    assertThat(results(lookUp("a.test"))).hasSize(1);
  }

  @Test
  void callsAndTheBytesOfRepliesAreLimited() {
    var call = "{\"namespace\":\"tracing\",\"operation\":\"log\",\"text\":\"{\",\"times\":%d}";
    assertThat(message(run(caller, call.formatted(10_000), AMPLE, ALL))).contains("\"result\":0");
    assertOverran(
        run(caller, call.formatted(10_001), AMPLE, ALL),
        Overrun.HOST_CALLS,
        "policy exceeded its budget of 10000 host calls (--eval-host-calls; ");
    var lookUp = lookUp("a.test").replace("}", ",\"times\":11}");
    assertOverran(
        run(caller, lookUp, AMPLE.withHostReplyBytes(220), ALL),
        Overrun.HOST_REPLIES,
        "policy exceeded its budget of 220 bytes of host replies (--eval-host-replies; ");
    assertThat(message(run(caller, lookUp, AMPLE.withHostReplyBytes(242), ALL)))
        .contains("\"result\":0");
  }

  /** The system property {@code warder.host.calls} says how many. */
  @Test
  void veryManyCallsEndByTheirBudgetToo() {
    var many = Integer.getInteger("warder.host.calls", 50_000);
    var call =
        "{\"namespace\":\"oci\",\"operation\":\"x\",\"text\":\"\",\"times\":%d}"
            .formatted(many + 1);
    assertOverran(
        run(
            caller,
            call,
            AMPLE.withHostCalls(many).withHostReplyBytes(Integer.MAX_VALUE),
            Grants.NONE),
        Overrun.HOST_CALLS,
        "policy exceeded its budget of " + many + " host calls");
  }

  private static void assertOverran(Run run, Overrun overrun, String message) {
    assertThat(run)
        .isInstanceOfSatisfying(
            Run.Overran.class,
            over -> {
              assertThat(over.budget()).isEqualTo(overrun);
              assertThat(over.toString()).contains(message);
            });
  }

  @Test
  void aGuestThatWaitsStepsAsideAndOneThatIsAnsweredAtOnceDoesNot() {
    var before = waits.get();
    run(caller, lookUp("fresh-name.test"), AMPLE, ALL);
    assertThat(waits).hasValue(before + 1);
    run(caller, lookUp("fresh-name.test"), AMPLE, ALL);
    run(caller, lookUp("no name"), AMPLE, ALL);
    run(caller, call("tracing/log", "{}"), AMPLE, ALL);
    assertThat(waits).hasValue(before + 1);
  }

  @Test
  void timeThatRunsOutInAWaitEndsTheRun() {
    assertOverran(
        run(caller, lookUp("slow.test"), BRIEF, ALL),
        Overrun.TIME,
        "policy exceeded its time budget of 500 ms (timeoutEvalSeconds)");
    assertThat(results(lookUp("a.test"))).hasSize(1);
  }

  /** Behind the gate, every answer differs; a policy that is tried twice sees the first. */
  @Test
  void whatIsComparedAndWarmedUpSawTheSame() throws IOException {
    var asked = new AtomicInteger();
    var counting =
        new HostServices(
            Optional.empty(),
            oci,
            this::resolve,
            _ ->
                new HostBackend() {
                  @Override
                  public Answer call(HostOperation operation, JsonNode payload) {
                    var number = "\"answer %d\"".formatted(asked.incrementAndGet());
                    return Reply.granted(number.getBytes(StandardCharsets.UTF_8));
                  }

                  @Override
                  public void log(String policy, String uid, byte[] payload) {
                    asked.incrementAndGet();
                  }
                });
    var module = Files.write(folder.resolve("caller.wasm"), GoGuests.caller());
    var settings =
        read(
            "{\"calls\":[%s,%s,%s,%s],\"always\":true}"
                .formatted(
                    lookUp("a.test"),
                    lookUp("b.test"),
                    lookUp("a.test"),
                    call("tracing/log", "{\"level\":\"info\"}"))
                .getBytes(StandardCharsets.UTF_8));
    try (counting;
        var fetcher =
            new ModuleFetcher(
                new ModuleStore(folder.resolve("store")), FetchLimits.defaults(), Sources.none())) {
      var preparer =
          new PolicyPreparer(
              fetcher, engine, new SignatureStore(folder.resolve("store")), counting);
      var policy =
          value(
              preparer.prepare(
                  new PreparationRequest(
                      "file://" + module.toAbsolutePath(),
                      settings,
                      AMPLE,
                      Optional.empty(),
                      Requirement.NONE,
                      "policy",
                      ALL),
                  StepListener.NONE));
      assertThat(policy.execution().mode()).isEqualTo(Mode.PREINITIALISED);
      // Of the settings and of the rehearsal, each with and without snapshot: three differ each.
      assertThat(asked).hasValue(6);
      for (var exercise : policy.exercises()) {
        assertThat(onGuestThread(() -> exercise.run(AMPLE))).isTrue();
      }
      assertThat(asked).hasValue(6);
      var served = evaluated(policy);
      assertThat(served).contains("answer 7", "answer 8", "answer 9");
      assertThat(asked).hasValue(10);
    }
  }

  private String evaluated(PreparedPolicy policy) {
    var request = policy.rehearsalRequest();
    return onGuestThread(() -> policy.evaluate(request, AMPLE)).response().json().toString();
  }
}
