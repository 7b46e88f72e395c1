package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Modules in registries and layouts. The tag is asked for once; all that follows goes by digest,
 * and every digest is computed again from the bytes that came. What leads to a module is kept with
 * it, so that the way can be gone again without the source.
 */
final class OciSource {
  private final OciContent content;
  private final ModuleStore store;
  private final FetchLimits limits;
  private final Deadline deadline;
  private final TransferListener listener;
  private final Set<Digest> way = new HashSet<>();

  OciSource(
      OciContent content,
      ModuleStore store,
      FetchLimits limits,
      Deadline deadline,
      TransferListener listener) {
    this.content = content;
    this.store = store;
    this.limits = limits;
    this.deadline = deadline;
    this.listener = listener;
  }

  /** The module that a reference leads to by its digest, if it has one, or its tag. */
  Outcome<FoundModule> fetch(ModuleReference.Registry reference, Optional<Digest> expectedModule) {
    return reference
        .digest()
        .map(this::manifest)
        .orElseGet(
            () -> content.tagged(reference.tag().orElse("latest"), deadline).then(this::kept))
        .then(top -> fetch(top, expectedModule));
  }

  /** The module that a layout's manifest leads to. */
  Outcome<FoundModule> fetchNamed(LayoutContent layout, Optional<Digest> expectedModule) {
    return layout.named(deadline).then(this::kept).then(top -> fetch(top, expectedModule));
  }

  private Outcome<FoundModule> fetch(RawManifest top, Optional<Digest> expectedModule) {
    return new ManifestChain(this::manifest)
        .module(top)
        .then(layer -> module(layer, expectedModule))
        .map(stored -> new FoundModule(top.digest(), stored, Set.copyOf(way)));
  }

  private Outcome<RawManifest> manifest(Digest digest) {
    way.add(digest);
    return StoredManifests.find(store, digest, limits)
        .map(Outcome::done)
        .orElseGet(() -> content.manifest(digest, deadline).then(this::kept));
  }

  private Outcome<RawManifest> kept(RawManifest manifest) {
    way.add(manifest.digest());
    return store
        .receive(
            Optional.of(manifest.digest()),
            manifest.origin(),
            sink -> written(sink, manifest.bytes()))
        .map(stored -> manifest);
  }

  private static Outcome<Integer> written(ByteSink sink, byte[] bytes) {
    try {
      sink.write(ByteBuffer.wrap(bytes));
      return Outcome.done(bytes.length);
    } catch (IOException e) {
      return ModuleStore.failed(e);
    }
  }

  private Outcome<StoredModule> module(Descriptor layer, Optional<Digest> expected) {
    var origin = content.blobName(layer.digest());
    if (expected.isPresent() && !expected.get().equals(layer.digest())) {
      return Outcome.failed(
          Reason.ModuleDigestMismatch,
          "the manifest names the module " + origin + " instead of " + expected.get());
    }
    if (layer.size() > limits.maxModuleBytes()) {
      return Outcome.failed(
          Reason.ModuleTooLarge,
          "%s has %d bytes, more than the limit of %d bytes"
              .formatted(origin, layer.size(), limits.maxModuleBytes()));
    }
    return store.findOr(layer.digest(), deadline, () -> download(layer, origin));
  }

  private Outcome<StoredModule> download(Descriptor layer, String origin) {
    var whenLarger =
        new Failure(
            Reason.ModuleDigestMismatch,
            origin + " goes on after the " + layer.size() + " bytes that the manifest names");
    return store.receive(
        Optional.of(layer.digest()),
        origin,
        sink -> {
          try (var transfer = new Transfer(listener, origin)) {
            transfer.expect(layer.size());
            return content
                .blob(
                    layer.digest(),
                    new WatchedSink(sink, transfer),
                    layer.size(),
                    whenLarger,
                    deadline)
                .then(size -> whole(size, layer, origin));
          }
        });
  }

  private static Outcome<Long> whole(long size, Descriptor layer, String origin) {
    return size == layer.size()
        ? Outcome.done(size)
        : HttpFailures.unreachable(
            "%s ended after %d of %d bytes".formatted(origin, size, layer.size()),
            "check the source");
  }
}
