package dev.warder.policy.host.net;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.host.call.CallFailures;
import dev.warder.policy.host.call.CallQueue;
import dev.warder.policy.host.call.ReplyCache;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.Shape;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code net/v1/dns_lookup_host}: the addresses of a host name, good for a minute. */
public final class DnsCalls implements AutoCloseable {
  /** The name. */
  public static final Shape PAYLOAD = Shape.TEXT;

  private static final int THREADS = 8;
  private static final int MAX_CHARS = 253;
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?+(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?+)*+\\.?");
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final CallQueue queue = new CallQueue("dns", THREADS);
  private final ReplyCache<String> addresses = new ReplyCache<>(queue, KEPT);
  private final NameResolver resolver;

  public DnsCalls(NameResolver resolver) {
    this.resolver = resolver;
  }

  /** Looks a name up. */
  public Answer lookUp(JsonNode payload) {
    var name = payload.textValue().toLowerCase(Locale.ROOT);
    if (name.length() > MAX_CHARS || !NAME.matcher(name).matches()) {
      return CallFailures.refused(
          "\"%s\" is no host name: give letters, digits and - in parts of at most 63, without scheme and port"
              .formatted(shown(name)));
    }
    return addresses.get(name, () -> addresses(name));
  }

  private Reply addresses(String name) {
    try {
      var found = Json.object();
      var list = found.putArray("ips");
      resolver.addresses(name).stream()
          .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
          .distinct()
          .forEach(list::add);
      return Reply.granted(Json.write(found));
    } catch (UnknownHostException e) {
      return CallFailures.refused(
          "cannot look up " + name + ": no such host, or no resolver answers");
    }
  }

  private static String shown(String name) {
    var plain = name.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() <= MAX_CHARS ? plain : plain.substring(0, MAX_CHARS) + "…";
  }

  @Override
  public void close() {
    queue.close();
  }
}
