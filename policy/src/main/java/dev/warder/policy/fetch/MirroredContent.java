package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.oci.RawManifest;
import dev.warder.policy.reference.Digest;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The same repository at several places, asked in order until one has what is wanted. */
final class MirroredContent implements OciContent {
  private static final Logger LOG = LoggerFactory.getLogger(MirroredContent.class);

  private final List<? extends OciContent> places;

  /** At least one place. */
  MirroredContent(List<? extends OciContent> places) {
    this.places = List.copyOf(places);
  }

  @Override
  public String name() {
    return places.getLast().name();
  }

  @Override
  public Outcome<RawManifest> tagged(String tag, Deadline deadline) {
    return first(place -> place.tagged(tag, deadline));
  }

  @Override
  public Outcome<RawManifest> manifest(Digest digest, Deadline deadline) {
    return first(place -> place.manifest(digest, deadline));
  }

  @Override
  public Outcome<RawManifest> referrers(Digest subject, Deadline deadline) {
    return first(place -> place.referrers(subject, deadline));
  }

  @Override
  public Outcome<Long> blob(
      Digest digest, ByteSink sink, long maxBytes, Failure whenLarger, Deadline deadline) {
    return first(place -> place.blob(digest, sink, maxBytes, whenLarger, deadline));
  }

  @Override
  public String blobName(Digest digest) {
    return places.getLast().blobName(digest);
  }

  /** That something is not there is only known when every place said so. */
  private <T> Outcome<T> first(Function<OciContent, Outcome<T>> ask) {
    Outcome<T> worst = ask.apply(places.getFirst());
    for (var place : places.subList(1, places.size())) {
      if (!(worst instanceof Outcome.Failed<T>(var failure))) {
        return worst;
      }
      LOG.debug("Asking {} too: {}", place.name(), failure.message());
      var next = ask.apply(place);
      if (next instanceof Outcome.Done<T> || failure.reason() == Reason.ModuleNotFound) {
        worst = next;
      }
    }
    return worst;
  }
}
