package dev.warder.policy.host.tracing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnreadableJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * {@code tracing/log}: what guests log, under the logger {@value #NAME}. A policy that logs a lot
 * is cut short and told of in one line; what is malformed is logged as such, and the guest never
 * knows.
 */
public final class GuestLog {
  /** The logger's name, as in Kubewarden. */
  public static final String NAME = "policy_log";

  private static final Logger LOG = LoggerFactory.getLogger(NAME);
  private static final int MAX_CHARS = 4096;
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");
  private static final int MAX_POLICIES = 10_000;

  private final Cache<String, LogAllowance> allowances =
      Caffeine.newBuilder()
          .maximumSize(MAX_POLICIES)
          .expireAfterAccess(Duration.ofMinutes(10))
          .executor(Runnable::run)
          .build();

  /** Logs what a policy wants logged while it judges a request. */
  public void log(String policy, String uid, byte[] payload) {
    var allowance = allowances.get(policy, name -> new LogAllowance());
    switch (allowance.take(System.nanoTime())) {
      case LogAllowance.Turn.Spent() -> {}
      case LogAllowance.Turn.Allowed(var dropped) -> {
        if (dropped > 0) {
          LOG.atWarn()
              .addKeyValue("policy_id", policy)
              .log("the policy logs too much: {} messages were dropped", dropped);
        }
        write(policy, uid, payload);
      }
    }
  }

  private static void write(String policy, String uid, byte[] payload) {
    JsonNode entry;
    try {
      entry = Json.read(payload);
    } catch (UnreadableJsonException e) {
      malformed(policy, uid, e.reason(), payload);
      return;
    }
    var level = level(entry.path("level").asText(""));
    if (!(entry instanceof ObjectNode object) || level.isEmpty()) {
      malformed(
          policy, uid, "no object with a level of trace, debug, info, warning, error", payload);
      return;
    }
    var data = object.deepCopy();
    data.remove("level");
    data.remove("message");
    LOG.atLevel(level.get())
        .addKeyValue("policy_id", policy)
        .addKeyValue("request_uid", uid)
        .addKeyValue("data", oneLine(data.toString()))
        .log(oneLine(object.path("message").asText("")));
  }

  private static void malformed(String policy, String uid, String why, byte[] payload) {
    LOG.atWarn()
        .addKeyValue("policy_id", policy)
        .addKeyValue("request_uid", uid)
        .addKeyValue("data", oneLine(new String(payload, StandardCharsets.UTF_8)))
        .log("the policy logged something that is no log entry: {}", oneLine(why));
  }

  private static Optional<Level> level(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "trace" -> Optional.of(Level.TRACE);
      case "debug" -> Optional.of(Level.DEBUG);
      case "info" -> Optional.of(Level.INFO);
      case "warning" -> Optional.of(Level.WARN);
      case "error" -> Optional.of(Level.ERROR);
      default -> Optional.empty();
    };
  }

  /** One line of limited length: a line break would let a guest write lines of Warder's own. */
  private static String oneLine(String text) {
    var start = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
    return BREAKS.matcher(start).replaceAll(" ");
  }
}
