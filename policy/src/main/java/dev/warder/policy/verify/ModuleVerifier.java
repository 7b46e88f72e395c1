package dev.warder.policy.verify;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets only those bytes through that have the digest they were fetched under and are signed. */
public final class ModuleVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(ModuleVerifier.class);

  private final Function<ModuleReference, Optional<Repository>> repositories;
  private final SignatureStore store;
  private final Clock clock;

  /**
   * Verifies what comes from such sources.
   *
   * @param repositories where a module's signatures are looked for; empty for a source that has
   *     none
   * @param store of signatures that were found
   */
  public ModuleVerifier(
      Function<ModuleReference, Optional<Repository>> repositories, SignatureStore store) {
    this(repositories, store, Clock.systemUTC());
  }

  ModuleVerifier(
      Function<ModuleReference, Optional<Repository>> repositories,
      SignatureStore store,
      Clock clock) {
    this.repositories = repositories;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Reads the stored module back and hashes it again; from here on only these bytes are used. A
   * store that fails or holds other bytes is {@code ModuleStoreFailed}: the next fetch mends it.
   */
  public Outcome<VerifiedModule> verify(FetchedModule fetched, Requirement requirement) {
    return content(fetched)
        .then(
            content ->
                signers(fetched, requirement)
                    .map(signers -> new VerifiedModule(fetched, content, signers)));
  }

  private static Outcome<byte[]> content(FetchedModule fetched) {
    byte[] content;
    try (var in = Files.newInputStream(fetched.file())) {
      // One byte more shows a file that grew, without reading all of it.
      content = in.readNBytes(Math.toIntExact(fetched.size() + 1));
    } catch (IOException e) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "stored module " + fetched.file() + " cannot be read: " + e + "; check the store folder");
    }
    if (!Digest.of(content).equals(fetched.digest())) {
      return Outcome.failed(
          Reason.ModuleStoreFailed,
          "stored module %s was changed since %s was fetched; it is fetched again"
              .formatted(fetched.file(), fetched.immutableReference()));
    }
    return Outcome.done(content);
  }

  /** Who signed a module, by the signatures that are known or, if they do not do, by new ones. */
  public Outcome<Optional<Verification>> signers(FetchedModule fetched, Requirement requirement) {
    if (requirement.signatures().isEmpty()) {
      return Outcome.done(Optional.empty());
    }
    var outcome = signers(fetched, requirement.signatures().get());
    if (requirement.acceptedBefore() && outcome instanceof Outcome.Failed<Verification>(var why)) {
      LOG.warn("{} was accepted before: {}", fetched.immutableReference(), why.message());
      return Outcome.done(Optional.empty());
    }
    return outcome.map(Optional::of);
  }

  private Outcome<Verification> signers(FetchedModule fetched, SignaturePolicy required) {
    if (fetched.manifest().isEmpty()) {
      return unsignable(fetched);
    }
    var manifest = fetched.manifest().get();
    var known = store.find(manifest).map(material -> judged(required, material, manifest));
    return known.isPresent() && known.get() instanceof Outcome.Done<Verification>
        ? known.get()
        : fresh(fetched, manifest, required, known);
  }

  private Outcome<Verification> judged(
      SignaturePolicy required, SignatureMaterial material, Digest manifest) {
    return switch (required.judge(material, manifest, clock.instant())) {
      case Outcome.Failed<Verification>(var failure)
          when failure.reason() == Reason.SignatureRejected ->
          Outcome.failed(
              failure.reason(),
              failure.message() + "; sign the module as the config asks, or change the config");
      case Outcome<Verification> other -> other;
    };
  }

  private static Outcome<Verification> unsignable(FetchedModule fetched) {
    return switch (fetched.reference()) {
      case ModuleReference.Registry _, ModuleReference.Layout _ ->
          Outcome.failed(
              Reason.ModuleSourceUnreachable,
              "the manifest of %s, which signatures are of, is not stored and could not be had"
                  .formatted(fetched.immutableReference()));
      case ModuleReference.File _, ModuleReference.Http _ ->
          Outcome.failed(
              Reason.SignatureMissing,
              fetched.reference().text()
                  + " cannot carry signatures, which only modules in registries and OCI layouts"
                  + " have; push it to a registry and sign it there");
    };
  }

  /** A signature may have been added since. */
  private Outcome<Verification> fresh(
      FetchedModule fetched,
      Digest manifest,
      SignaturePolicy required,
      Optional<Outcome<Verification>> known) {
    var repository = repositories.apply(fetched.reference());
    if (repository.isEmpty()) {
      return known.orElseGet(
          () ->
              Outcome.failed(
                  Reason.SignatureMissing,
                  "no place is known where signatures of "
                      + fetched.immutableReference()
                      + " are"));
    }
    return switch (SignatureReader.read(repository.get(), manifest)) {
      case Outcome.Failed<SignatureMaterial>(var failure) ->
          new Outcome.Failed<>(unread(fetched, failure));
      case Outcome.Done<SignatureMaterial>(var material) -> {
        var judged = judged(required, material, manifest);
        if (judged instanceof Outcome.Done) {
          store.keep(manifest, material);
        }
        yield judged;
      }
    };
  }

  private static Failure unread(FetchedModule fetched, Failure failure) {
    return new Failure(
        failure.reason(),
        "the signatures of %s cannot be read: %s"
            .formatted(fetched.immutableReference(), failure.message()));
  }
}
