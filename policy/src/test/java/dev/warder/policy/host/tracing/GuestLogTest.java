package dev.warder.policy.host.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.warder.policy.host.tracing.LogAllowance.Turn;
import dev.warder.policy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class GuestLogTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("policy_log");
  private static final long SECOND = 1_000_000_000;

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final GuestLog log = new GuestLog();

  @BeforeEach
  void listen() {
    lines.start();
    LOGGER.addAppender(lines);
    LOGGER.setLevel(Level.TRACE);
    LOGGER.setAdditive(false);
  }

  @AfterEach
  void stop() {
    LOGGER.detachAppender(lines);
    LOGGER.setLevel(null);
    LOGGER.setAdditive(true);
  }

  private ILoggingEvent logged(String payload) {
    log.log("clusterwide-a", "uid-1", payload.getBytes(StandardCharsets.UTF_8));
    assertThat(lines.list).isNotEmpty();
    return lines.list.getLast();
  }

  private static String values(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .map(pair -> pair.key + "=" + pair.value)
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "trace, TRACE",
    "DEBUG, DEBUG",
    "info, INFO",
    "Warning, WARN",
    "warning, WARN",
    "error, ERROR"
  })
  void levelsAreAsKubewardenHasThem(String given, String level) {
    var event = logged("{\"level\":\"%s\",\"message\":\"hello\"}".formatted(given));
    assertThat(event.getLevel()).isEqualTo(Level.valueOf(level));
    assertThat(event.getFormattedMessage()).isEqualTo("hello");
    assertThat(values(event)).isEqualTo("policy_id=clusterwide-a request_uid=uid-1 data={}");
  }

  @Test
  void whatElseThereIsGoesAlong() {
    var event = logged("{\"level\":\"info\",\"line\":7,\"file\":\"f\",\"more\":{\"a\":[1]}}");
    assertThat(event.getFormattedMessage()).isEmpty();
    assertThat(values(event)).endsWith("data={\"line\":7,\"file\":\"f\",\"more\":{\"a\":[1]}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"info\"",
        "{}",
        "{\"level\":\"warn\"}",
        "{\"level\":\"\"}",
        "{\"level\":null}",
        "{\"level\":[\"info\"]}",
        "{\"message\":\"m\"}",
        "{\"level\":\"fatal\",\"message\":\"m\"}"
      })
  void whatIsMalformedIsToldAsSuch(String payload) {
    var event = logged(payload);
    assertThat(event.getLevel()).isEqualTo(Level.WARN);
    assertThat(event.getFormattedMessage())
        .startsWith("the policy logged something that is no log entry: ");
    assertThat(values(event)).contains("data=" + payload);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\\n", "\\r\\n", "\\u0085", "\\u2028", "\\u2029", "\\u001b[2J", "\\u0000"})
  void nothingBreaksTheLine(String text) throws Exception {
    var one =
        logged(
            "{\"level\":\"info\",\"message\":\"a%sWARN b\",\"x\":\"c%sd\"}".formatted(text, text));
    assertOneLine(one);
    assertThat(one.getFormattedMessage()).matches("a +(\\[2J)?WARN b");
    // The reason may repeat what is not JSON.
    var raw = Json.read("\"" + text + "\"").textValue();
    assertOneLine(logged("word" + raw + "word"));
  }

  private static void assertOneLine(ILoggingEvent event) {
    assertThat(event.getFormattedMessage() + values(event))
        .doesNotContainPattern("[\\p{Cc}\\p{Zl}\\p{Zp}]");
  }

  @Test
  void aLongTextIsCut() {
    var event = logged("{\"level\":\"info\",\"message\":\"%s\"}".formatted("m".repeat(100_000)));
    assertThat(event.getFormattedMessage()).hasSize(4097).endsWith("…");
    assertThat(values(logged("x".repeat(100_000)))).hasSizeLessThan(5000);
  }

  @Test
  void aPolicyThatLogsTooMuchIsCutShortAndOthersAreNot() {
    for (var i = 0; i < 5000; i++) {
      log.log("noisy", "uid", "{\"level\":\"info\"}".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(lines.list).hasSizeBetween(200, 4000);
    var before = lines.list.size();
    logged("{\"level\":\"error\",\"message\":\"of another\"}");
    assertThat(lines.list).hasSize(before + 1);
  }

  @Test
  void anAllowanceIsSpentAndComesBack() {
    var allowance = new LogAllowance();
    var now = System.nanoTime() + SECOND;
    for (var i = 0; i < 200; i++) {
      assertThat(allowance.take(now)).isEqualTo(new Turn.Allowed(0));
    }
    for (var i = 0; i < 30; i++) {
      assertThat(allowance.take(now)).isEqualTo(new Turn.Spent());
    }
    // 20 each second, and what was dropped is told once.
    assertThat(allowance.take(now + SECOND)).isEqualTo(new Turn.Allowed(30));
    for (var i = 1; i < 20; i++) {
      assertThat(allowance.take(now + SECOND)).isEqualTo(new Turn.Allowed(0));
    }
    assertThat(allowance.take(now + SECOND)).isEqualTo(new Turn.Spent());
    // Never more at once than there were at first, and time never goes back.
    assertThat(allowance.take(now)).isEqualTo(new Turn.Spent());
    var later = now + 1000 * SECOND;
    assertThat(allowance.take(later)).isEqualTo(new Turn.Allowed(2));
    for (var i = 1; i < 200; i++) {
      assertThat(allowance.take(later)).isEqualTo(new Turn.Allowed(0));
    }
    assertThat(allowance.take(later)).isEqualTo(new Turn.Spent());
  }
}
