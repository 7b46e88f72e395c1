package dev.warder.policy.host;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.warder.policy.host.CallTable.Needs;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.wasi.HostCallGate.HostCall;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.slf4j.LoggerFactory;

/**
 * The gate and a rule that was written without it agree on any grants and calls. The system
 * property {@code warder.fuzz.inputs} says on how many.
 */
final class HostGatePropertyTest {
  private static final int TRIES = 100;

  static {
    // It would tell of every call that is refused.
    ((Logger) LoggerFactory.getLogger(HostGate.class)).setLevel(Level.INFO);
  }

  private static final int INPUTS = Integer.getInteger("warder.fuzz.inputs", 50_000);

  private static final List<String> PATTERNS = CapabilityListTest.valid();
  private static final List<String> API_VERSIONS = List.of("v1", "apps/v1", "V1", "", "v1 ", "ｖ1");
  private static final List<String> KINDS = List.of("Pod", "pod", "Secret", "Pod/log", "Ｐod", "*");
  private static final List<String> BINDINGS =
      List.of("kubewarden", "", "Kubewarden", "kubewarden ", "kubewarden\0", "ｋubewarden");
  private static final List<String> PARTS =
      List.of(
          "oci",
          "v1",
          "v2",
          "verify",
          "kubernetes",
          "can_i",
          "get_resource",
          "net",
          "crypto",
          "tracing",
          "log",
          "*",
          "",
          ".",
          "..",
          "OCI",
          "оci",
          "v1/verify",
          "%2f",
          "\0",
          "/",
          "ſ");

  /** What becomes of a call. */
  private enum Fate {
    UNKNOWN_BINDING("unknown binding: "),
    NO_CAPABILITY("\" host capability. The violation has been reported"),
    UNKNOWN_NAMESPACE("unknown namespace: "),
    UNKNOWN_OPERATION("unknown operation: "),
    LOGGED(""),
    UNREADABLE(" cannot be read: "),
    NO_KIND(" resources. The violation has been reported"),
    CARRIED_OUT(RecordingBackend.ANSWER);

    private final String words;

    Fate(String words) {
      this.words = words;
    }
  }

  private record Kind(String apiVersion, String kind) {}

  /** A call; the kind tells what the payload names, and a broken payload is no JSON. */
  private record Call(String binding, String namespace, String name, Kind kind, boolean broken) {
    byte[] payload() {
      var text =
          CallTable.find(namespace, name)
              .map(CallTable::payload)
              .orElse("{}")
              .replace("\"api_version\":\"v1\"", "\"api_version\":\"" + kind.apiVersion + "\"")
              .replace("\"kind\":\"Pod\"", "\"kind\":\"" + kind.kind + "\"");
      return (broken ? text.substring(1) + "{" : text).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The rule, from how the capabilities are described. */
  private static Fate expected(Set<String> patterns, Set<Kind> kinds, Call call) {
    if (!call.binding.equals("kubewarden")) {
      return Fate.UNKNOWN_BINDING;
    }
    if (!call.namespace.equals("tracing")
        && patterns.stream().noneMatch(one -> covers(one, call.namespace + "/" + call.name))) {
      return Fate.NO_CAPABILITY;
    }
    var known = CallTable.find(call.namespace, call.name);
    if (known.isEmpty()) {
      return List.of("tracing", "kubernetes", "oci", "net", "crypto").contains(call.namespace)
          ? Fate.UNKNOWN_OPERATION
          : Fate.UNKNOWN_NAMESPACE;
    }
    if (known.get().needs() == Needs.NOTHING) {
      return Fate.LOGGED;
    }
    if (call.broken) {
      return Fate.UNREADABLE;
    }
    return known.get().needs() == Needs.CAPABILITY_AND_KIND && !kinds.contains(call.kind)
        ? Fate.NO_KIND
        : Fate.CARRIED_OUT;
  }

  /** Part by part: a star at the end stands for one or more parts. */
  private static boolean covers(String pattern, String path) {
    var wanted = pattern.split("/", -1);
    var parts = path.split("/", -1);
    var star = wanted[wanted.length - 1].equals("*");
    var fixed = star ? wanted.length - 1 : wanted.length;
    return (star ? parts.length > fixed : parts.length == fixed)
        && IntStream.range(0, fixed).allMatch(i -> wanted[i].equals(parts[i]));
  }

  @Property(tries = TRIES)
  void theGateKeepsTheRule(@ForAll long seed) {
    var random = new Random(seed);
    for (var i = 0; i < Math.max(1, INPUTS / TRIES); i++) {
      var patterns = some(random, PATTERNS);
      var kinds = new HashSet<Kind>();
      for (var more = random.nextInt(4); more > 0; more--) {
        kinds.add(kind(random));
      }
      var call = call(random);
      assertThat(fate(patterns, kinds, call))
          .as("%s by %s and %s", call, patterns, kinds)
          .isEqualTo(expected(patterns, kinds, call));
    }
  }

  private static Fate fate(Set<String> patterns, Set<Kind> kinds, Call call) {
    var backend = new RecordingBackend();
    var counts = new CallCounts();
    var resources = new HashSet<ContextAwareResource>();
    kinds.forEach(one -> resources.add(new ContextAwareResource(one.apiVersion, one.kind)));
    var grants = new Grants(value(CapabilityList.parse(patterns)), resources);
    var gate = new HostGate(backend, grants, counts, "policy", "uid");
    var reply =
        (Reply) gate.ask(new HostCall(call.binding, call.namespace, call.name, call.payload()));
    var text = new String(reply.bytes(), StandardCharsets.UTF_8);
    var fates = new ArrayList<Fate>();
    for (var fate : Fate.values()) {
      if (fate.words.isEmpty() ? text.isEmpty() : text.contains(fate.words)) {
        fates.add(fate);
      }
    }
    // What is carried out and what is told are the same thing.
    var fate = fates.isEmpty() ? null : fates.getFirst();
    assertThat(reply.granted()).isEqualTo(fate == Fate.CARRIED_OUT || fate == Fate.LOGGED);
    assertThat(backend.called).hasSize(fate == Fate.CARRIED_OUT ? 1 : 0);
    assertThat(backend.logged).hasSize(fate == Fate.LOGGED ? 1 : 0);
    assertThat(counts.violations())
        .isEqualTo(fate == Fate.NO_CAPABILITY || fate == Fate.NO_KIND ? 1 : 0);
    if (fate == null) {
      throw new AssertionError("words of no fate: " + text);
    }
    return fate;
  }

  private static Set<String> some(Random random, List<String> all) {
    var some = new HashSet<String>();
    for (var more = random.nextInt(5); more > 0; more--) {
      // Everything would be in most of the lists.
      var one = all.get(random.nextInt(all.size()));
      if (!one.equals("*") || random.nextInt(4) == 0) {
        some.add(one);
      }
    }
    return some;
  }

  private static Kind kind(Random random) {
    return new Kind(
        API_VERSIONS.get(Math.max(0, random.nextInt(12) - 6)),
        KINDS.get(Math.max(0, random.nextInt(12) - 6)));
  }

  private static Call call(Random random) {
    var binding = BINDINGS.get(Math.max(0, random.nextInt(60) - 54));
    var broken = random.nextInt(8) == 0;
    if (random.nextInt(3) > 0) {
      var known = CallTable.ALL.get(random.nextInt(CallTable.ALL.size()));
      return new Call(binding, known.namespace(), known.name(), kind(random), broken);
    }
    var other = CallTable.ALL.get(random.nextInt(CallTable.ALL.size()));
    var namespace = random.nextBoolean() ? other.namespace() : path(random);
    var name = random.nextInt(3) == 0 ? other.name() : path(random);
    return new Call(binding, namespace, name, kind(random), broken);
  }

  private static String path(Random random) {
    var path = new StringBuilder(PARTS.get(random.nextInt(PARTS.size())));
    for (var more = random.nextInt(3); more > 0; more--) {
      path.append('/').append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return path.toString();
  }
}
