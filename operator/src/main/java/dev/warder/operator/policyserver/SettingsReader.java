package dev.warder.operator.policyserver;

import dev.warder.crd.PolicyServer;
import dev.warder.crd.PolicyServerSpec;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.Certificates;
import dev.warder.policy.fetch.DockerConfig;
import dev.warder.policy.fetch.Sources;
import dev.warder.policy.verify.SignaturePolicy;
import dev.warder.policy.verify.TrustRoot;
import dev.warder.policy.verify.VerificationConfig;
import dev.warder.policy.verify.VerificationLoss;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes settings of a PolicyServer and of the objects that it names. */
final class SettingsReader {
  /** An annotation of the PolicyServer. */
  static final String ON_LOSS = "policies.warder.dev/on-verification-loss";

  static final String VERIFICATION_KEY = "verification-config";
  static final String TRUST_KEY = "sigstore-trust-config";
  static final String PULL_SECRET_TYPE = "kubernetes.io/dockerconfigjson";
  private static final String PULL_SECRET_KEY = ".dockerconfigjson";

  private final Sources base;
  private final String namespace;
  private final Function<String, Optional<Secret>> secrets;
  private final Function<String, Optional<ConfigMap>> configMaps;
  private final Supplier<TrustRoot> publicRoot;

  /**
   * Reads objects of one namespace.
   *
   * @param base what the instance was started with
   * @param publicRoot that of Sigstore's public instance as it is known now
   */
  SettingsReader(
      Sources base,
      String namespace,
      Function<String, Optional<Secret>> secrets,
      Function<String, Optional<ConfigMap>> configMaps,
      Supplier<TrustRoot> publicRoot) {
    this.base = base;
    this.namespace = namespace;
    this.secrets = secrets;
    this.configMaps = configMaps;
    this.publicRoot = publicRoot;
  }

  /** All that settings are made of: equal inputs give equal settings. */
  List<Object> inputs(Optional<PolicyServer> server) {
    var inputs = new ArrayList<Object>();
    inputs.add(publicRoot.get().fingerprint());
    server.ifPresent(
        present -> {
          inputs.add(Objects.requireNonNullElse(present.getMetadata().getAnnotations(), Map.of()));
          Optional.ofNullable(present.getSpec())
              .ifPresent(
                  spec -> {
                    inputs.add(spec);
                    content(spec.imagePullSecret(), secrets, Secret::getData).forEach(inputs::add);
                    content(spec.verificationConfig(), configMaps, ConfigMap::getData)
                        .forEach(inputs::add);
                    content(spec.sigstoreTrustConfig(), configMaps, ConfigMap::getData)
                        .forEach(inputs::add);
                  });
        });
    return List.copyOf(inputs);
  }

  private static <T> Stream<Object> content(
      @Nullable String name,
      Function<String, Optional<T>> find,
      Function<T, @Nullable Map<String, String>> data) {
    return name == null
        ? Stream.of()
        : Stream.of(
            name,
            find.apply(name)
                .<Object>map(found -> Optional.ofNullable(data.apply(found)))
                .orElse("absent"));
  }

  Outcome<InstanceSettings> read(Optional<PolicyServer> server) {
    if (server.isEmpty() || server.get().getSpec() == null) {
      return Outcome.done(new InstanceSettings(base, Optional.empty(), VerificationLoss.KEEP));
    }
    var spec = server.get().getSpec();
    return onLoss(server.get())
        .then(
            loss ->
                sources(spec)
                    .then(
                        sources ->
                            required(spec)
                                .map(policy -> new InstanceSettings(sources, policy, loss))));
  }

  /** Told apart from the rest, as it also says what to do when the rest cannot be read. */
  static Outcome<VerificationLoss> onLoss(PolicyServer server) {
    var annotations =
        Objects.requireNonNullElse(server.getMetadata().getAnnotations(), Map.<String, String>of());
    var text = annotations.get(ON_LOSS);
    return text == null
        ? Outcome.done(VerificationLoss.KEEP)
        : VerificationLoss.parse(text)
            .map(Outcome::done)
            .orElseGet(
                () ->
                    invalid(
                        "The annotation %s must be keep or reject, not '%s'."
                            .formatted(ON_LOSS, text)));
  }

  private Outcome<Sources> sources(PolicyServerSpec spec) {
    var insecure = Objects.requireNonNullElse(spec.insecureSources(), List.<String>of());
    var authorities =
        Objects.requireNonNullElse(spec.sourceAuthorities(), Map.<String, List<String>>of());
    var hosts = new HashSet<>(base.insecureHosts());
    hosts.addAll(insecure);
    return certificates(authorities)
        .map(base.withInsecureHosts(hosts)::withAuthorities)
        .then(sources -> withCredentials(sources, spec.imagePullSecret()));
  }

  private Outcome<Map<String, List<X509Certificate>>> certificates(
      Map<String, List<String>> authorities) {
    var known = new HashMap<String, List<X509Certificate>>(base.authorities());
    for (var entry : authorities.entrySet()) {
      for (var pem : entry.getValue()) {
        var origin = "spec.sourceAuthorities of " + entry.getKey();
        switch (Certificates.parse(pem.getBytes(StandardCharsets.UTF_8), origin)) {
          case Outcome.Done<List<X509Certificate>>(var found) ->
              known.merge(
                  entry.getKey(),
                  found,
                  (one, more) -> Stream.concat(one.stream(), more.stream()).toList());
          case Outcome.Failed<List<X509Certificate>>(var failure) -> {
            return new Outcome.Failed<>(failure);
          }
        }
      }
    }
    return Outcome.done(known);
  }

  private Outcome<Sources> withCredentials(Sources sources, @Nullable String name) {
    if (name == null) {
      return Outcome.done(sources);
    }
    var secret = secrets.apply(name);
    if (secret.isEmpty()) {
      return invalid("spec.imagePullSecret: there is no Secret %s/%s.".formatted(namespace, name));
    }
    if (!PULL_SECRET_TYPE.equals(secret.get().getType())) {
      return invalid(
          "spec.imagePullSecret: Secret %s/%s is of type %s instead of %s."
              .formatted(namespace, name, secret.get().getType(), PULL_SECRET_TYPE));
    }
    var data = Objects.requireNonNullElse(secret.get().getData(), Map.<String, String>of());
    var config = data.get(PULL_SECRET_KEY);
    if (config == null) {
      return invalid(
          "spec.imagePullSecret: Secret %s/%s has no key %s."
              .formatted(namespace, name, PULL_SECRET_KEY));
    }
    return switch (DockerConfig.parse(Base64.getMimeDecoder().decode(config))) {
      case Outcome.Done<DockerConfig>(var credentials) ->
          Outcome.done(sources.withCredentials(credentials));
      case Outcome.Failed<DockerConfig>(var failure) ->
          Outcome.failed(
              failure.reason(),
              "spec.imagePullSecret: Secret %s/%s: %s"
                  .formatted(namespace, name, failure.message()));
    };
  }

  private Outcome<Optional<SignaturePolicy>> required(PolicyServerSpec spec) {
    var name = spec.verificationConfig();
    if (name == null) {
      return spec.sigstoreTrustConfig() == null
          ? Outcome.done(Optional.empty())
          : invalid(
              "spec.sigstoreTrustConfig is set without spec.verificationConfig, so nothing would"
                  + " be verified by it; name a verification config too.");
    }
    return text("spec.verificationConfig", name, VERIFICATION_KEY)
        .then(VerificationConfig::parse)
        .then(
            config ->
                trustRoot(config, spec.sigstoreTrustConfig())
                    .map(root -> Optional.of(new SignaturePolicy(config, root))));
  }

  /** Without need and wish there is none: a key may have told a log that nobody here knows. */
  private Outcome<Optional<TrustRoot>> trustRoot(VerificationConfig config, @Nullable String name) {
    if (name == null) {
      return Outcome.done(
          config.needsTrustRoot() ? Optional.of(publicRoot.get()) : Optional.empty());
    }
    return text("spec.sigstoreTrustConfig", name, TRUST_KEY)
        .then(json -> TrustRoot.parse(json.getBytes(StandardCharsets.UTF_8)))
        .map(Optional::of);
  }

  private Outcome<String> text(String field, String name, String key) {
    var map = configMaps.apply(name);
    if (map.isEmpty()) {
      return invalid("%s: there is no ConfigMap %s/%s.".formatted(field, namespace, name));
    }
    var data = Objects.requireNonNullElse(map.get().getData(), Map.<String, String>of());
    var value = data.get(key);
    return value == null
        ? invalid("%s: ConfigMap %s/%s has no key %s.".formatted(field, namespace, name, key))
        : Outcome.done(value);
  }

  private static <T> Outcome<T> invalid(String message) {
    return Outcome.failed(Reason.PolicyServerInvalid, message);
  }
}
