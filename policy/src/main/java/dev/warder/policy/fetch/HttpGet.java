package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A GET whose body, if the answer is 200, goes into a sink.
 *
 * @param headers by lower-case name
 * @param maxBytes how large the body may be
 * @param whenLarger what to say of a larger body
 */
record HttpGet(
    URI uri, Map<String, String> headers, ByteSink sink, long maxBytes, Failure whenLarger) {
  private static final String AUTHORIZATION = "authorization";

  HttpGet {
    headers = Map.copyOf(headers);
  }

  /** A GET whose body is refused with {@code ModuleTooLarge} beyond so many bytes. */
  static HttpGet of(URI uri, Map<String, String> headers, ByteSink sink, long maxBytes) {
    var failure =
        new Failure(
            Reason.ModuleTooLarge,
            HttpText.of(uri) + " is larger than the limit of " + maxBytes + " bytes");
    return new HttpGet(uri, headers, sink, maxBytes, failure);
  }

  HttpGet with(String header, String value) {
    var more = new TreeMap<>(headers);
    more.put(header, value);
    return new HttpGet(uri, more, sink, maxBytes, whenLarger);
  }

  HttpGet withToken(String token) {
    return with(AUTHORIZATION, "Bearer " + token);
  }

  /** The same at another address; credentials stay behind when that is another origin. */
  HttpGet redirectedTo(URI target) {
    var kept = new TreeMap<>(headers);
    if (!origin(uri).equals(origin(target))) {
      kept.remove(AUTHORIZATION);
    }
    return new HttpGet(target, kept, sink, maxBytes, whenLarger);
  }

  private static String origin(URI uri) {
    return (uri.getScheme() + "://" + Objects.requireNonNullElse(uri.getRawAuthority(), ""))
        .toLowerCase(Locale.ROOT);
  }
}
