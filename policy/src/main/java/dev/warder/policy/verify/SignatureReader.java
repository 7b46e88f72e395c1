package dev.warder.policy.verify;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.verify.SignatureManifest.Descriptor;
import dev.warder.policy.verify.StoredSignature.Format;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the signatures of one manifest, from the tag of cosign and from its referrers. What cannot
 * be read is skipped and told; a list of too many counts as a whole as unreadable, because a choice
 * of them would be the attacker's.
 */
public final class SignatureReader {
  private static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle";
  private static final String SIGNATURE_ARTIFACT =
      "application/vnd.dev.cosign.artifact.sig.v1+json";
  private static final String PREDICATE_TYPE = "dev.sigstore.bundle.predicateType";
  private static final int MAX_REFERRERS = 64;
  private static final int MAX_LAYER_BYTES = 1 << 20;
  private static final int MAX_TOTAL_CHARS = 24 << 20;

  private final Repository repository;
  private final List<StoredSignature> signatures = new ArrayList<>();
  private final List<Failure> skipped = new ArrayList<>();
  private int chars;

  private SignatureReader(Repository repository) {
    this.repository = repository;
  }

  /**
   * All signatures of the manifest. Fails with {@code SignatureRejected} if there are too many to
   * read, and as the repository fails if that kept all of them away.
   */
  public static Outcome<SignatureMaterial> read(Repository repository, Digest manifest) {
    var reader = new SignatureReader(repository);
    try {
      reader.readTag("sha256-" + manifest.hex() + ".sig");
      reader.readReferrers(manifest);
    } catch (UnverifiedException e) {
      return Outcome.failed(
          Reason.SignatureRejected,
          "The signatures of %s@%s are not read: %s; remove those that nobody needs"
              .formatted(repository.name(), manifest, e.why()));
    }
    return reader.material();
  }

  private Outcome<SignatureMaterial> material() {
    var retry = skipped.stream().filter(Failure::retryable).findFirst();
    return signatures.isEmpty() && retry.isPresent()
        ? new Outcome.Failed<>(retry.get())
        : Outcome.done(
            new SignatureMaterial(
                repository.name(), List.copyOf(signatures), List.copyOf(skipped)));
  }

  private void readTag(String tag) throws UnverifiedException {
    var origin = repository.name() + ":" + tag;
    var manifest = found(origin, repository.tagged(tag));
    if (manifest.isPresent()) {
      readLayers(origin, manifest.get());
    }
  }

  private void readReferrers(Digest subject) throws UnverifiedException {
    var origin = "the referrers of %s@%s".formatted(repository.name(), subject);
    var index = found(origin, repository.referrers(subject));
    if (index.isEmpty()) {
      return;
    }
    for (var digest : signatureManifests(origin, index.get())) {
      var name = repository.name() + "@" + digest;
      var manifest = found(name, repository.manifest(digest));
      if (manifest.isPresent()) {
        readLayers(name, manifest.get());
      }
    }
  }

  private Set<Digest> signatureManifests(String origin, RawManifest index) {
    var digests = new LinkedHashSet<Digest>();
    try {
      for (var entry : SignatureManifest.entries(index)) {
        if (isSignature(entry)) {
          digests.add(entry.digest());
        }
      }
      UnverifiedException.require(
          digests.size() <= MAX_REFERRERS,
          "%d signatures are more than %d".formatted(digests.size(), MAX_REFERRERS));
      return digests;
    } catch (UnverifiedException e) {
      skip(origin, e.why());
      return Set.of();
    }
  }

  /**
   * Attestations are told apart by an annotation that nobody signed, which only leaves some out.
   */
  private static boolean isSignature(Descriptor entry) throws UnverifiedException {
    var predicate = entry.annotations().optionalText(PREDICATE_TYPE);
    return entry.artifactType().equals(SIGNATURE_ARTIFACT)
        || (entry.artifactType().startsWith(BUNDLE)
            && predicate.map(Envelope.SIGN::equals).orElse(true));
  }

  private void readLayers(String origin, RawManifest manifest) throws UnverifiedException {
    List<Descriptor> layers;
    try {
      layers = SignatureManifest.layers(manifest);
    } catch (UnverifiedException e) {
      skip(origin, e.why());
      return;
    }
    var number = 0;
    for (var layer : layers) {
      number++;
      var format = format(layer.mediaType());
      if (format.isPresent()) {
        readLayer("layer %d of %s".formatted(number, origin), format.get(), layer);
      }
    }
  }

  private static Optional<Format> format(String mediaType) {
    return mediaType.equals(SIMPLE_SIGNING)
        ? Optional.of(Format.SIMPLE_SIGNING)
        : mediaType.startsWith(BUNDLE) ? Optional.of(Format.BUNDLE) : Optional.empty();
  }

  private void readLayer(String origin, Format format, Descriptor layer)
      throws UnverifiedException {
    UnverifiedException.require(
        signatures.size() < SignatureMaterial.MAX_SIGNATURES,
        "there are more than " + SignatureMaterial.MAX_SIGNATURES);
    SortedMap<String, String> annotations;
    try {
      annotations = annotations(layer, format);
    } catch (UnverifiedException e) {
      skip(origin, e.why());
      return;
    }
    switch (repository.blob(layer.digest(), MAX_LAYER_BYTES)) {
      case Outcome.Failed<byte[]>(var failure) -> skip(origin, failure);
      case Outcome.Done<byte[]>(var content) -> {
        var signature =
            new StoredSignature(
                format, origin, Base64.getEncoder().encodeToString(content), annotations);
        chars += signature.chars();
        UnverifiedException.require(
            chars <= MAX_TOTAL_CHARS, "together they are larger than " + MAX_TOTAL_CHARS);
        signatures.add(signature);
      }
    }
  }

  private static SortedMap<String, String> annotations(Descriptor layer, Format format)
      throws UnverifiedException {
    var annotations = new TreeMap<String, String>();
    if (format == Format.SIMPLE_SIGNING) {
      for (var name : SimpleSigningLayer.ANNOTATIONS) {
        var value = layer.annotations().optionalText(name);
        UnverifiedException.require(
            value.stream().flatMapToInt(String::chars).allMatch(c -> c <= '~'),
            "its annotation " + name + " is not ASCII");
        value.ifPresent(text -> annotations.put(name, text));
      }
    }
    return annotations;
  }

  private Optional<RawManifest> found(String origin, Outcome<Optional<RawManifest>> answer) {
    return switch (answer) {
      case Outcome.Done<Optional<RawManifest>>(var manifest) -> manifest;
      case Outcome.Failed<Optional<RawManifest>>(var failure) -> {
        skip(origin, failure);
        yield Optional.empty();
      }
    };
  }

  private void skip(String origin, String why) {
    skip(origin, new Failure(Reason.SignatureRejected, why));
  }

  private void skip(String origin, Failure failure) {
    if (skipped.size() < SignatureMaterial.MAX_SIGNATURES) {
      skipped.add(new Failure(failure.reason(), origin + " cannot be read: " + failure.message()));
    }
  }
}
