package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Puts modules into registries; mirrors play no part in that. */
public final class RegistryPusher implements AutoCloseable {
  private final FetchLimits limits;
  private final CurrentAccess access;
  private final TransferListener listener;

  /** Each request is limited like a fetch. */
  public RegistryPusher(FetchLimits limits, Sources sources) {
    this(limits, sources, TransferListener.NONE);
  }

  /** One that tells a listener how far it is. */
  public RegistryPusher(FetchLimits limits, Sources sources, TransferListener listener) {
    this.limits = limits;
    this.listener = listener;
    access = new CurrentAccess(sources, limits);
  }

  /**
   * Pushes a module under the reference's tag; a blob that the registry has is not sent.
   *
   * @param annotations of the policy; those of more than one line are left out
   * @return the immutable reference {@code registry://host/repository@sha256:…}
   */
  public Outcome<String> push(
      ModuleReference.Registry target, byte[] module, Map<String, String> annotations) {
    var manifest = ModuleManifest.of(module, annotations);
    return into(
        target,
        registry ->
            put(registry, module)
                .then(layer -> put(registry, ModuleManifest.CONFIG))
                .then(config -> put(registry, manifest, target.tag())));
  }

  /**
   * Copies a manifest with all that it leads to, and with its signatures and other referrers.
   *
   * @return the immutable reference
   */
  public Outcome<String> copy(Repository from, Digest manifest, ModuleReference.Registry target) {
    return into(
        target, registry -> new OciCopy(from, registry, limits).copy(manifest, target.tag()));
  }

  /**
   * Copies the module of an archive that {@link OciLayoutWriter} wrote, with all that belongs to
   * it. What is no policy module, or not whole, is not pushed.
   *
   * @return the immutable reference
   */
  public Outcome<String> load(Path archive, ModuleReference.Registry target) {
    try {
      var work = Files.createTempDirectory("warder-load");
      try (var layouts =
          new ModuleFetcher(new ModuleStore(work.resolve("store")), limits, Sources.none())) {
        return OciLayoutWriter.unpack(archive, work.resolve("layout"), limits)
            .then(layout -> ModuleReferences.parse("oci-layout:" + layout))
            .then(layouts::fetch)
            .then(
                fetched ->
                    copy(
                        layouts.repository(fetched.reference()).orElseThrow(),
                        fetched.manifest().orElseThrow(),
                        target));
      } finally {
        TarFiles.deleteAll(work);
      }
    } catch (IOException e) {
      return ModuleStore.failed(e);
    }
  }

  private Outcome<String> into(
      ModuleReference.Registry target, Function<OciTarget, Outcome<Digest>> push) {
    var place = new Mirrors.Place(target.host(), target.repository());
    return access
        .use(
            entered ->
                push.apply(
                    new RegistryTarget(entered.session(place, "pull,push"), limits, listener)))
        .map(digest -> "registry://" + place + "@" + digest);
  }

  private static Outcome<Digest> put(OciTarget registry, byte[] blob) {
    var digest = Digest.of(blob);
    return registry
        .has(digest)
        .then(there -> there ? Outcome.done(digest) : registry.put(digest, blob));
  }

  private static Outcome<Digest> put(
      OciTarget registry, RawManifest manifest, Optional<String> tag) {
    return ManifestLinks.of(manifest).then(links -> registry.put(manifest, links, tag));
  }

  @Override
  public void close() {
    access.close();
  }
}
