package dev.warder.policy.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.verify.StoredSignature.Format;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * All signatures of a manifest as a registry gave them, to be judged now and, from disk, later.
 * Whoever can change the file can take signatures away, but not make one that passes.
 *
 * @param repository they were in, for messages
 * @param skipped what could not be read
 */
public record SignatureMaterial(
    String repository, List<StoredSignature> signatures, List<Failure> skipped) {
  static final int MAX_SIGNATURES = 128;

  private static final int VERSION = 1;
  static final int MAX_BYTES = 64 << 20;
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Whether nothing is missing that another try might read. */
  public boolean isComplete() {
    return skipped.stream().noneMatch(Failure::retryable);
  }

  /** JSON that {@link #parse} reads. */
  public byte[] toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("version", VERSION).put("repository", repository);
    var list = json.putArray("signatures");
    for (var signature : signatures) {
      var entry =
          list.addObject()
              .put("format", signature.format().name())
              .put("origin", signature.origin())
              .put("content", signature.content());
      signature.annotations().forEach(entry.putObject("annotations")::put);
    }
    var failures = json.putArray("skipped");
    for (var failure : skipped) {
      failures.addObject().put("reason", failure.reason().name()).put("message", failure.message());
    }
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@link #toJson} wrote; fails with {@code SignatureMissing} for anything else. */
  public static Outcome<SignatureMaterial> parse(byte[] json) {
    try {
      return Outcome.done(read(json));
    } catch (UnverifiedException e) {
      return Outcome.failed(
          Reason.SignatureMissing,
          "The stored signatures cannot be used: " + e.why() + "; they are read again");
    }
  }

  private static SignatureMaterial read(byte[] bytes) throws UnverifiedException {
    UnverifiedException.require(bytes.length <= MAX_BYTES, "they are larger than " + MAX_BYTES);
    var json = StrictJson.read("the file", bytes);
    UnverifiedException.require(
        json.number("version") == VERSION, "they are of another version of Warder");
    var signatures = new ArrayList<StoredSignature>();
    for (var entry : json.objects("signatures", MAX_SIGNATURES)) {
      var annotations = new TreeMap<String, String>();
      var object = entry.object("annotations");
      for (var member : object.node().properties()) {
        annotations.put(member.getKey(), object.text(member.getKey()));
      }
      signatures.add(
          new StoredSignature(
              constant(Format.values(), entry, "format"),
              entry.text("origin"),
              entry.text("content"),
              annotations));
    }
    var skipped = new ArrayList<Failure>();
    for (var entry : json.objects("skipped", MAX_SIGNATURES)) {
      skipped.add(new Failure(constant(Reason.values(), entry, "reason"), entry.text("message")));
    }
    return new SignatureMaterial(
        json.text("repository"), List.copyOf(signatures), List.copyOf(skipped));
  }

  private static <E extends Enum<E>> E constant(E[] values, StrictJson json, String name)
      throws UnverifiedException {
    var text = json.text(name);
    return Arrays.stream(values)
        .filter(value -> value.name().equals(text))
        .findFirst()
        .orElseThrow(() -> new UnverifiedException(json.what() + "." + name + " is unknown"));
  }
}
