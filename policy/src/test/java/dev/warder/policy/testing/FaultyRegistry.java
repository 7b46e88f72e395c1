package dev.warder.policy.testing;

import dev.warder.policy.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A registry on 127.0.0.1 that holds policy modules and can be told to answer wrongly. Paths are
 * those of the OCI distribution protocol; see {@link #manifest} and {@link #blob}.
 */
public final class FaultyRegistry implements AutoCloseable {
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String MODULE_LAYER = "application/vnd.wasm.content.layer.v1+wasm";

  private final Map<String, Answer> content = new ConcurrentHashMap<>();
  private final Map<String, Answer> faults = new ConcurrentHashMap<>();
  private final LoopbackServer server;
  private volatile Function<Request, Optional<Answer>> gate = request -> Optional.empty();

  private FaultyRegistry(Optional<SSLContext> tls) {
    content.put("/v2/", Answer.ok("application/json", "{}".getBytes(StandardCharsets.UTF_8)));
    server =
        tls.map(context -> LoopbackServer.start(context, this::answer))
            .orElseGet(() -> LoopbackServer.start(this::answer));
  }

  /** Speaks plain HTTP: list its {@link #host} as insecure. */
  public static FaultyRegistry start() {
    return new FaultyRegistry(Optional.empty());
  }

  public static FaultyRegistry start(SSLContext tls) {
    return new FaultyRegistry(Optional.of(tls));
  }

  /** {@code 127.0.0.1:port}. */
  public String host() {
    return server.host();
  }

  /** The address of a path that begins with a slash. */
  public String url(String path) {
    return server.url(path);
  }

  /** {@code registry://host/repository:tag}. */
  public String reference(String repository, String tag) {
    return "registry://" + host() + "/" + repository + ":" + tag;
  }

  /** Stores a module and points the tag at it; gives the digest of its manifest. */
  public Digest push(String repository, String tag, byte[] module) {
    var blob = putBlob(repository, module);
    return pushManifest(
        repository, tag, MANIFEST, imageManifest(MODULE_LAYER, blob.toString(), module.length));
  }

  /** Stores a blob. */
  public Digest putBlob(String repository, byte[] bytes) {
    var digest = Digest.of(bytes);
    content.put(blob(repository, digest), Answer.ok("application/octet-stream", bytes));
    return digest;
  }

  /** Stores a manifest under its digest and the tag. */
  public Digest pushManifest(String repository, String tag, String type, String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var digest = Digest.of(bytes);
    var answer =
        Answer.of(
            200, Map.of("content-type", type, "docker-content-digest", digest.toString()), bytes);
    content.put(manifest(repository, digest.toString()), answer);
    content.put(manifest(repository, tag), answer);
    return digest;
  }

  /** Stores an index under its digest and the tag; it names these manifests, for no platform. */
  public Digest pushIndex(String repository, String tag, Digest... manifests) {
    var entries =
        Stream.of(manifests)
            .map(
                digest ->
                    "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": 1}"
                        .formatted(MANIFEST, digest))
            .collect(Collectors.joining(", "));
    return pushManifest(
        repository,
        tag,
        INDEX,
        "{\"schemaVersion\": 2, \"mediaType\": \"%s\", \"manifests\": [%s]}"
            .formatted(INDEX, entries));
  }

  /** The manifest of an artifact with one layer. */
  public static String imageManifest(String layerType, String layerDigest, long size) {
    return """
        {"schemaVersion": 2, "mediaType": "%s",
         "config": {"mediaType": "application/vnd.wasm.config.v1+json", "size": 2,
                    "digest": "%s"},
         "layers": [{"mediaType": "%s", "digest": "%s", "size": %d}]}"""
        .formatted(
            MANIFEST,
            Digest.of("{}".getBytes(StandardCharsets.UTF_8)),
            layerType,
            layerDigest,
            size);
  }

  /** Answers a path in this way until {@link #heal}. */
  public void fault(String path, Answer answer) {
    faults.put(path, answer);
  }

  /** Forgets all faults. */
  public void heal() {
    faults.clear();
  }

  /** How often a path was asked for. */
  public long requests(String path) {
    return server.requests().stream().filter(request -> request.path().equals(path)).count();
  }

  /** How many clients are still connected. */
  public int openConnections() {
    return server.openConnections();
  }

  /** The path of a manifest, by tag or digest. */
  public static String manifest(String repository, String reference) {
    return "/v2/" + repository + "/manifests/" + reference;
  }

  /** The path of a blob. */
  public static String blob(String repository, Digest digest) {
    return "/v2/" + repository + "/blobs/" + digest;
  }

  @Override
  public void close() {
    server.close();
  }

  /** Answers only those who bring this token; tells others the challenge. */
  public void demandToken(String challenge, String token) {
    demand(challenge, "Bearer " + token);
  }

  /** Answers only those who bring this Authorization header; tells others the challenge. */
  public void demand(String challenge, String authorization) {
    guard(
        request ->
            authorization.equals(request.authorization())
                ? Optional.empty()
                : Optional.of(Answer.of(401, Map.of("www-authenticate", challenge), new byte[0])));
  }

  /** Lets this answer first, and only where it does not, the registry. */
  public void guard(Function<Request, Optional<Answer>> guard) {
    gate = guard;
  }

  /** All requests so far. */
  public List<Request> requests() {
    return server.requests();
  }

  private Answer answer(Request request) {
    var refusal = gate.apply(request);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var good = content.getOrDefault(request.path(), Answer.status(404));
    return faults.getOrDefault(request.path(), good);
  }
}
