package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.oci.Repository;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Puts modules into registries; mirrors play no part in that. */
public final class RegistryPusher implements AutoCloseable {
  private final FetchLimits limits;
  private final CurrentAccess access;

  /** Each request is limited like a fetch. */
  public RegistryPusher(FetchLimits limits, Sources sources) {
    this.limits = limits;
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

  private Outcome<String> into(
      ModuleReference.Registry target, Function<OciTarget, Outcome<Digest>> push) {
    var place = new Mirrors.Place(target.host(), target.repository());
    return access
        .use(entered -> push.apply(new RegistryTarget(entered.session(place, "pull,push"), limits)))
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
