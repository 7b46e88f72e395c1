package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import java.util.Optional;
import java.util.Set;

/**
 * Brings modules into the store, from files, web servers, registries and layouts. Safe for use by
 * several threads.
 */
public final class ModuleFetcher implements AutoCloseable {
  private final ModuleStore store;
  private final FetchLimits limits;
  private final CurrentAccess access;
  private final TransferListener listener;

  /**
   * A fetcher without credentials.
   *
   * @param insecureHosts as {@link Sources#insecureHosts} has them
   */
  public ModuleFetcher(ModuleStore store, FetchLimits limits, Set<String> insecureHosts) {
    this(store, limits, Sources.none().withInsecureHosts(insecureHosts));
  }

  public ModuleFetcher(ModuleStore store, FetchLimits limits, Sources sources) {
    this(store, limits, sources, TransferListener.NONE);
  }

  /** One that tells a listener how far it is. */
  public ModuleFetcher(
      ModuleStore store, FetchLimits limits, Sources sources, TransferListener listener) {
    this.store = store;
    this.limits = limits;
    this.listener = listener;
    access = new CurrentAccess(sources, limits);
  }

  /** Lets later fetches go by other sources; those under way end as they began. */
  public void use(Sources sources) {
    access.replace(sources);
  }

  /** Gets a module; a tag is resolved once. Blocks up to the total time limit. */
  public Outcome<FetchedModule> fetch(ModuleReference reference) {
    return fetch(reference, reference, Optional.empty());
  }

  /**
   * Gets exactly the module of that digest. What the store has is not fetched again: if the stored
   * manifests lead from the immutable reference to the module, no network is used. If only the
   * module is stored, and the source does not give the manifests, it comes without a manifest.
   */
  public Outcome<FetchedModule> fetchPinned(
      ModuleReference reference, String immutableReference, Digest moduleDigest) {
    return ModuleReferences.parse(immutableReference)
        .then(
            pinned ->
                proven(reference, pinned, moduleDigest)
                    .then(
                        found ->
                            found
                                .map(Outcome::done)
                                .orElseGet(() -> fetchAgain(reference, pinned, moduleDigest))));
  }

  private Outcome<FetchedModule> fetchAgain(
      ModuleReference reference, ModuleReference pinned, Digest module) {
    var fetched = fetch(reference, pinned, Optional.of(module));
    return fetched instanceof Outcome.Failed<FetchedModule>(var failure) && failure.retryable()
        ? stored(reference, pinned, module).map(Outcome::done).orElse(fetched)
        : fetched;
  }

  /** The repository that a reference names a manifest of; none for a file or a web address. */
  public Optional<Repository> repository(ModuleReference reference) {
    return switch (reference) {
      case ModuleReference.Registry registry ->
          Optional.of(new RegistryRepository(access, registry, limits, listener));
      case ModuleReference.Layout layout ->
          Optional.of(new LayoutRepository(layout, limits, listener));
      case ModuleReference.File _, ModuleReference.Http _ -> Optional.empty();
    };
  }

  /** A visit to web servers by the same ways as modules come, which begins now. */
  public RemoteFiles files() {
    return new RemoteFiles(access, Deadline.in(limits.totalTimeout()));
  }

  private Outcome<Optional<FetchedModule>> proven(
      ModuleReference reference, ModuleReference pinned, Digest module) {
    return switch (pinned) {
      case ModuleReference.Registry registry ->
          proven(reference, pinned, registry.digest(), module);
      case ModuleReference.Layout layout -> proven(reference, pinned, layout.digest(), module);
      case ModuleReference.File _, ModuleReference.Http _ ->
          Outcome.done(stored(reference, pinned, module));
    };
  }

  private Outcome<Optional<FetchedModule>> proven(
      ModuleReference reference, ModuleReference pinned, Optional<Digest> manifest, Digest module) {
    return manifest
        .map(top -> StoredManifests.prove(store, top, module, limits))
        .orElseGet(() -> Outcome.done(Optional.empty()))
        .map(proof -> proof.map(found -> held(reference, pinned.text(), found)));
  }

  private Optional<FetchedModule> stored(
      ModuleReference reference, ModuleReference pinned, Digest module) {
    return store.find(module).map(stored -> held(reference, pinned.text(), stored));
  }

  private Outcome<FetchedModule> fetch(
      ModuleReference reference, ModuleReference from, Optional<Digest> expected) {
    var deadline = Deadline.in(limits.totalTimeout());
    return switch (from) {
      case ModuleReference.File file ->
          new FileSource(store, limits)
              .fetch(file, expected, deadline)
              .map(stored -> held(reference, file.text(), stored));
      case ModuleReference.Http http ->
          access
              .use(
                  entered ->
                      new HttpSource(entered.http(), store, limits, listener)
                          .fetch(http, expected, deadline))
              .map(stored -> held(reference, http.text(), stored));
      case ModuleReference.Registry registry ->
          access
              .use(
                  entered ->
                      new OciSource(entered.repository(registry), store, limits, deadline, listener)
                          .fetch(registry, expected))
              .map(found -> held(reference, registry.pinnedTo(found.manifest()), found));
      case ModuleReference.Layout layout -> {
        var content = new LayoutContent(layout, limits.maxManifestBytes());
        yield new OciSource(content, store, limits, deadline, listener)
            .fetchNamed(content, expected)
            .map(found -> held(reference, layout.pinnedTo(found.manifest()), found));
      }
    };
  }

  private FetchedModule held(
      ModuleReference reference, String immutableReference, StoredModule stored) {
    return store.hold(FetchedModule.of(reference, immutableReference, stored), Set.of());
  }

  private FetchedModule held(
      ModuleReference reference, String immutableReference, FoundModule found) {
    return store.hold(FetchedModule.of(reference, immutableReference, found), found.way());
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    access.close();
  }
}
