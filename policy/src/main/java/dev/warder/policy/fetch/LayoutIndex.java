package dev.warder.policy.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.fetch.ManifestDocument.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The {@code index.json} of a layout. */
record LayoutIndex(List<Entry> entries) {
  static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final int MAX_ENTRIES = 1000;

  /** Tags that name what belongs to another manifest: signatures, and referrers. */
  private static final Pattern COMPANION = Pattern.compile("sha256-[0-9a-f]{64}(?:\\..*)?");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** A manifest of the layout, and the tag that it has there. */
  record Entry(Descriptor manifest, Optional<String> tag) {
    /** Whether it is no module, but belongs to one. */
    boolean isCompanion() {
      return tag.filter(name -> COMPANION.matcher(name).matches()).isPresent();
    }
  }

  static Outcome<LayoutIndex> parse(byte[] content, String origin) {
    JsonNode json;
    try {
      json = JSON.readTree(content);
    } catch (JsonProcessingException e) {
      return invalid(origin, "is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return invalid(origin, "cannot be read: " + e.getMessage());
    }
    var manifests = json.path("manifests");
    if (!manifests.isArray() || manifests.size() > MAX_ENTRIES) {
      return invalid(origin, "has no list of at most " + MAX_ENTRIES + " manifests");
    }
    var entries = new ArrayList<Entry>();
    for (var entry : manifests) {
      var manifest = ManifestParser.descriptorOf(entry);
      if (manifest.isEmpty()) {
        return invalid(origin, "has an entry without a sha256 digest and a size");
      }
      var tag = entry.path("annotations").path(REF_NAME).asText();
      entries.add(new Entry(manifest.get(), tag.isEmpty() ? Optional.empty() : Optional.of(tag)));
    }
    return Outcome.done(new LayoutIndex(List.copyOf(entries)));
  }

  /** The only entry that is like this one is asked to be. */
  Outcome<Descriptor> only(Predicate<Entry> wanted, String what, String origin) {
    var found = entries.stream().filter(wanted).map(Entry::manifest).distinct().toList();
    return switch (found.size()) {
      case 0 -> Outcome.failed(Reason.ModuleNotFound, origin + " has no " + what);
      case 1 -> Outcome.done(found.getFirst());
      default ->
          invalid(origin, "has %d of %s; name one by tag or digest".formatted(found.size(), what));
    };
  }

  private static <T> Outcome<T> invalid(String origin, String problem) {
    return Outcome.failed(
        Reason.ModuleManifestInvalid, origin + " " + problem + "; write the layout anew");
  }
}
