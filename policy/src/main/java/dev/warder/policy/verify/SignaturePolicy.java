package dev.warder.policy.verify;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.verify.VerificationConfig.AnyOf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges signatures by a verification config and a trust root, without asking anybody: the same
 * material gives the same answer tomorrow and offline.
 */
public final class SignaturePolicy {
  private static final int MAX_TOLD = 6;
  private static final String FAILED = "Image verification failed: ";

  private final VerificationConfig config;
  private final Optional<TrustRoot> trust;
  private final Optional<String> repository;
  private final Digest fingerprint;

  /**
   * Without a trust root only keys are judged: log entries beside their signatures are left alone,
   * and rules about certificates are never met.
   */
  public SignaturePolicy(VerificationConfig config, Optional<TrustRoot> trust) {
    this(config, trust, Optional.empty());
  }

  private SignaturePolicy(
      VerificationConfig config, Optional<TrustRoot> trust, Optional<String> repository) {
    this.config = config;
    this.trust = trust;
    this.repository = repository;
    this.fingerprint = fingerprint(config, trust, repository);
  }

  /**
   * The same policy that counts only signatures made for this repository, like {@code
   * ghcr.io/kubewarden/policies/pod-privileged}. Bundles do not tell it and count no more.
   */
  public SignaturePolicy forRepository(String name) {
    return new SignaturePolicy(config, trust, Optional.of(name));
  }

  /** By which certificates and logs are judged, if there is one. */
  public Optional<TrustRoot> trustRoot() {
    return trust;
  }

  /**
   * By which certificates beside those of modules are judged: by the same trust root as those, if
   * there is one, else by another.
   */
  public static Supplier<TrustRoot> trustRootOr(
      Optional<SignaturePolicy> required, Supplier<TrustRoot> other) {
    return required
        .flatMap(SignaturePolicy::trustRoot)
        .<Supplier<TrustRoot>>map(own -> () -> own)
        .orElse(other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignaturePolicy policy && fingerprint.equals(policy.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  /** Two policies with the same fingerprint judge in the same way. */
  public Digest fingerprint() {
    return fingerprint;
  }

  /** Whether it judges by that trust root. */
  public boolean goesBy(TrustRoot root) {
    return trust.filter(own -> own.fingerprint().equals(root.fingerprint())).isPresent();
  }

  private static Digest fingerprint(
      VerificationConfig config, Optional<TrustRoot> trust, Optional<String> repository) {
    var parts = new ArrayList<String>(List.of("1"));
    addRules(parts, config.allOf());
    config
        .anyOf()
        .ifPresent(
            some -> {
              parts.add(Integer.toString(some.minimumMatches()));
              addRules(parts, some.signatures());
            });
    parts.add(trust.map(root -> root.fingerprint().hex()).orElse(""));
    parts.add(repository.orElse(""));
    // The length before each part keeps two lists of parts from looking the same.
    return Digest.of(
        parts.stream()
            .map(part -> part.length() + ":" + part)
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void addRules(List<String> parts, List<SignatureRule> rules) {
    parts.add(Integer.toString(rules.size()));
    for (var rule : rules) {
      parts.add(rule.kind());
      parts.add(Integer.toString(rule.members().size()));
      rule.members().forEach((name, value) -> parts.addAll(List.of(name, value)));
    }
  }

  /**
   * Whether the manifest has the signatures that the config asks for. Fails with {@code
   * SignatureMissing} if there are none at all, with {@code SignatureRejected} if there are not
   * those, and as the reading failed if what could not be read might be among those.
   *
   * @param now to refuse what is signed in the future
   */
  public Outcome<Verification> judge(SignatureMaterial material, Digest manifest, Instant now) {
    var terms = new Candidate.Terms(manifest, trust, repository, now);
    var candidates =
        material.signatures().stream().map(stored -> new Candidate(stored, terms)).toList();
    var signers = new ArrayList<Signer>();
    var missing = new ArrayList<String>();
    for (var rule : config.allOf()) {
      var met = signers(rule, candidates).stream().findFirst();
      met.ifPresent(signers::add);
      if (met.isEmpty()) {
        missing.add(rule.text());
      }
    }
    var few = config.anyOf().flatMap(some -> addSome(some, candidates, signers));
    if (missing.isEmpty() && few.isEmpty()) {
      return Outcome.done(new Verification(List.copyOf(signers)));
    }
    var retry = material.skipped().stream().filter(Failure::retryable).findFirst();
    return retry.isPresent()
        ? new Outcome.Failed<>(retry.get())
        : refused(material, manifest, candidates, missing, few);
  }

  private static List<Signer> signers(SignatureRule rule, List<Candidate> candidates) {
    return candidates.stream().flatMap(candidate -> candidate.signer(rule).stream()).toList();
  }

  /** Adds those who met the rules; tells how many are missing, if they are. */
  private static Optional<String> addSome(
      AnyOf some, List<Candidate> candidates, List<Signer> signers) {
    var met =
        DistinctSigners.of(
            some.signatures().stream().map(rule -> signers(rule, candidates)).toList());
    signers.addAll(met);
    return met.size() >= some.minimumMatches()
        ? Optional.empty()
        : Optional.of(
            "minimum number of signatures not reached: needed %d, got %d by different signers of %s"
                .formatted(some.minimumMatches(), met.size(), texts(some.signatures())));
  }

  private static String texts(List<SignatureRule> rules) {
    return rules.stream().map(SignatureRule::text).collect(Collectors.joining(" | "));
  }

  private static Outcome<Verification> refused(
      SignatureMaterial material,
      Digest manifest,
      List<Candidate> candidates,
      List<String> missing,
      Optional<String> few) {
    var found =
        Stream.concat(
                candidates.stream().map(Candidate::found),
                material.skipped().stream().map(Failure::message))
            .toList();
    if (found.isEmpty()) {
      return Outcome.failed(
          Reason.SignatureMissing,
          "%sno signatures found for image %s@%s; sign it with cosign"
              .formatted(FAILED, material.repository(), manifest));
    }
    var lacking =
        Stream.concat(
                missing.isEmpty()
                    ? Stream.empty()
                    : Stream.of("missing signatures: " + String.join(" & ", missing)),
                few.stream())
            .collect(Collectors.joining("; "));
    var more = found.size() > MAX_TOLD ? "; and %d more".formatted(found.size() - MAX_TOLD) : "";
    return Outcome.failed(
        Reason.SignatureRejected,
        FAILED
            + lacking
            + "; found: "
            + found.stream().limit(MAX_TOLD).collect(Collectors.joining("; "))
            + more);
  }
}
