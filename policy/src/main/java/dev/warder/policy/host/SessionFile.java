package dev.warder.policy.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Files with host calls and their replies, in the YAML of kwctl. */
public final class SessionFile {
  private static final int MAX_BYTES = 64 << 20;
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
          .build();

  private SessionFile() {}

  /** Reads a file's content. */
  public static List<Exchange> read(byte[] file) throws UnreadableSessionException {
    if (file.length > MAX_BYTES) {
      throw new UnreadableSessionException("it is larger than " + MAX_BYTES + " bytes");
    }
    var list = yaml(new String(file, StandardCharsets.UTF_8), "the file");
    if (!list.isArray()) {
      throw new UnreadableSessionException("it is no list of exchanges");
    }
    var exchanges = new ArrayList<Exchange>();
    for (var entry : list) {
      exchanges.add(exchange(entry, "exchange " + (exchanges.size() + 1)));
    }
    return List.copyOf(exchanges);
  }

  private static Exchange exchange(JsonNode entry, String what) throws UnreadableSessionException {
    var request = entry.path("request").textValue();
    if (!entry.path("type").asText().equals("Exchange") || request == null) {
      throw new UnreadableSessionException(what + " has no type: Exchange or no request");
    }
    var response = entry.path("response");
    return switch (response.path("type").asText()) {
      case "Success" ->
          new Exchange(
              request(request, what), Reply.granted(bytes(response.path("payload"), what)));
      case "Error" ->
          new Exchange(
              request(request, what), new Reply(false, bytes(response.path("message"), what)));
      default ->
          throw new UnreadableSessionException(
              what + " has a response whose type is neither Success nor Error");
    };
  }

  private static byte[] bytes(JsonNode text, String what) throws UnreadableSessionException {
    if (!text.isTextual()) {
      throw new UnreadableSessionException(
          what + " has neither a payload nor a message that is a text");
    }
    return text.textValue().getBytes(StandardCharsets.UTF_8);
  }

  /** A YAML document with a tag of its own in front. */
  private static Exchange.Request request(String text, String what)
      throws UnreadableSessionException {
    var tagged = text.strip();
    var end = tagged.indexOf('\n');
    if (!tagged.startsWith("!") || end < 0) {
      throw new UnreadableSessionException(what + " has a request that does not begin with !Type");
    }
    return new Exchange.Request(
        tagged.substring(1, end).strip(),
        Exchange.Request.withoutNulls(yaml(tagged.substring(end), what)));
  }

  private static JsonNode yaml(String text, String what) throws UnreadableSessionException {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UnreadableSessionException(what + " is no YAML: " + e.getOriginalMessage());
    }
  }

  /** The content of a file that {@link #read} and kwctl read. */
  public static byte[] write(List<Exchange> exchanges) {
    try {
      var list = YAML.createArrayNode();
      for (var exchange : exchanges) {
        var entry = list.addObject().put("type", "Exchange");
        entry.put(
            "request",
            "!%s\n%s"
                .formatted(
                    exchange.request().type(),
                    YAML.writeValueAsString(exchange.request().members())));
        var text = new String(exchange.reply().bytes(), StandardCharsets.UTF_8);
        var response = entry.putObject("response");
        if (exchange.reply().granted()) {
          response.put("type", "Success").put("payload", text);
        } else {
          response.put("type", "Error").put("message", text);
        }
      }
      return YAML.writeValueAsBytes(list);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
