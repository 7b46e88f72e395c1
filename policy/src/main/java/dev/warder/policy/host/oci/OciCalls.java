package dev.warder.policy.host.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.ImageRegistries;
import dev.warder.policy.host.call.CallFailures;
import dev.warder.policy.host.call.CallQueue;
import dev.warder.policy.host.call.ReplyCache;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.MisfitException;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.SignatureReader;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.wasi.HostCallGate.Answer;
import dev.warder.policy.wasi.HostCallGate.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What registries know of images, and who signed them; each answer is good for a minute. */
public final class OciCalls implements AutoCloseable {
  static final Duration KEPT = Duration.ofMinutes(1);

  private static final int THREADS = 8;
  private static final int MAX_IMAGE_CHARS = 1024;

  private final CallQueue queue = new CallQueue("oci", THREADS);
  private final ReplyCache<String> digests = new ReplyCache<>(queue, KEPT);
  private final ReplyCache<String> manifests = new ReplyCache<>(queue, KEPT);
  private final ReplyCache<String> configs = new ReplyCache<>(queue, KEPT);
  private final ReplyCache<Asked> verdicts = new ReplyCache<>(queue, KEPT);
  private final ImageReads reads;
  private final Supplier<TrustRoot> trust;
  private final Clock clock;

  /** All that a verdict depends on, besides time. */
  private record Asked(Digest request, TrustRoot trust) {}

  /**
   * @param registries not closed by this
   * @param trust by which certificates are judged
   */
  public OciCalls(ImageRegistries registries, Supplier<TrustRoot> trust, Clock clock) {
    this.reads = new ImageReads(registries);
    this.trust = trust;
    this.clock = clock;
  }

  /** {@code v1/manifest_digest}. */
  public Answer manifestDigest(JsonNode payload) {
    return known(
        digests,
        payload,
        image ->
            reads
                .manifest(image)
                .map(found -> Json.object().put("digest", found.manifest().digest().toString())));
  }

  /** A name longer than any that a registry has is not kept in memory to know that. */
  private static Answer known(
      ReplyCache<String> cache,
      JsonNode payload,
      Function<String, Outcome<? extends JsonNode>> work) {
    var image = payload.textValue();
    return image.length() > MAX_IMAGE_CHARS
        ? CallFailures.refused("the image has more than " + MAX_IMAGE_CHARS + " characters")
        : cache.get(image, () -> reply(work.apply(image)));
  }

  /** {@code v1/oci_manifest}. */
  public Answer manifest(JsonNode payload) {
    return known(
        manifests,
        payload,
        image -> reads.manifest(image).then(found -> ImageReads.json(found.manifest())));
  }

  /** {@code v1/oci_manifest_config}. */
  public Answer manifestConfig(JsonNode payload) {
    return known(
        configs,
        payload,
        image ->
            reads
                .imageManifest(image)
                .then(
                    found ->
                        ImageReads.json(found.manifest())
                            .then(
                                manifest ->
                                    ImageReads.config(found, manifest)
                                        .map(config -> answer(found, manifest, config)))));
  }

  private static JsonNode answer(ImageReads.Found found, JsonNode manifest, JsonNode config) {
    var answer = Json.object();
    answer.set("manifest", manifest);
    answer.put("digest", found.manifest().digest().toString());
    answer.set("config", config);
    return answer;
  }

  /** {@code v1/verify}. */
  public Answer verifyV1(JsonNode payload) {
    try {
      return verify(VerifyRequest.v1(payload));
    } catch (MisfitException e) {
      return Reply.refused("the payload of oci/v1/verify cannot be read: " + e.reason());
    }
  }

  /** {@code v2/verify}. */
  public Answer verifyV2(JsonNode payload) {
    try {
      return verify(VerifyRequest.v2(payload));
    } catch (MisfitException e) {
      return Reply.refused("the payload of oci/v2/verify cannot be read: " + e.reason());
    }
  }

  private Answer verify(VerifyRequest request) {
    var root = trust.get();
    return verdicts.get(new Asked(request.digest(), root), () -> reply(verdict(request, root)));
  }

  /** An image that is not trusted is a failure: that is what SDKs expect. */
  private Outcome<JsonNode> verdict(VerifyRequest request, TrustRoot root) {
    return request
        .rules()
        .then(
            rules ->
                reads
                    .manifest(request.image())
                    .then(
                        found ->
                            SignatureReader.read(found.repository(), found.manifest().digest())
                                .then(
                                    material ->
                                        new SignaturePolicy(rules, Optional.of(root))
                                            .judge(
                                                material,
                                                found.manifest().digest(),
                                                clock.instant()))
                                .map(
                                    signers ->
                                        Json.object()
                                            .put("is_trusted", true)
                                            .put("digest", found.manifest().digest().toString()))));
  }

  private static Reply reply(Outcome<? extends JsonNode> outcome) {
    return switch (outcome) {
      case Outcome.Done<? extends JsonNode>(var json) -> Reply.granted(Json.write(json));
      case Outcome.Failed<? extends JsonNode>(var failure) ->
          CallFailures.refused(failure.message());
    };
  }

  @Override
  public void close() {
    queue.close();
  }
}
