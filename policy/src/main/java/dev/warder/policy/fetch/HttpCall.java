package dev.warder.policy.fetch;

import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request whose answer's body, if the status is 200, goes into a sink.
 *
 * @param headers by lower-case name
 * @param body to send
 * @param maxBytes how large the answer's body may be
 * @param whenLarger what to say of a larger one
 * @param resumable whether the same bytes come whenever they are asked for, so that an answer that
 *     broke off can be continued
 * @param offset how many bytes the sink already has
 */
record HttpCall(
    String method,
    URI uri,
    Map<String, String> headers,
    Optional<BodyPublisher> body,
    ByteSink sink,
    long maxBytes,
    Failure whenLarger,
    boolean resumable,
    long offset) {
  private static final String AUTHORIZATION = "authorization";

  HttpCall {
    headers = Map.copyOf(headers);
  }

  /** A GET whose answer is refused with {@code ModuleTooLarge} beyond so many bytes. */
  static HttpCall get(URI uri, Map<String, String> headers, ByteSink sink, long maxBytes) {
    var failure =
        new Failure(
            Reason.ModuleTooLarge,
            HttpText.of(uri) + " is larger than the limit of " + maxBytes + " bytes");
    return get(uri, headers, sink, maxBytes, failure);
  }

  /** A GET that says by itself what a larger answer is. */
  static HttpCall get(
      URI uri, Map<String, String> headers, ByteSink sink, long maxBytes, Failure whenLarger) {
    return new HttpCall(
        "GET", uri, headers, Optional.empty(), sink, maxBytes, whenLarger, false, 0);
  }

  /** A GET of bytes that never change. */
  static HttpCall getFixed(URI uri, ByteSink sink, long maxBytes, Failure whenLarger) {
    return new HttpCall(
        "GET", uri, Map.of(), Optional.empty(), sink, maxBytes, whenLarger, true, 0);
  }

  HttpCall with(String header, String value) {
    var more = new TreeMap<>(headers);
    more.put(header, value);
    return changed(uri, more, offset);
  }

  HttpCall withAuthorization(String value) {
    return with(AUTHORIZATION, value);
  }

  HttpCall head() {
    return new HttpCall("HEAD", uri, headers, body, sink, maxBytes, whenLarger, resumable, offset);
  }

  HttpCall sending(String otherMethod, BodyPublisher content) {
    return new HttpCall(
        otherMethod,
        uri,
        headers,
        Optional.of(content),
        sink,
        maxBytes,
        whenLarger,
        resumable,
        offset);
  }

  /** Whether it may be sent to where a redirect points. */
  boolean follows() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** The same at another address; credentials stay behind when that is another origin. */
  HttpCall redirectedTo(URI target) {
    var kept = new TreeMap<>(headers);
    if (!sameOrigin(uri, target)) {
      kept.remove(AUTHORIZATION);
    }
    return changed(target, kept, offset);
  }

  /** The same after it failed: it continues what the sink has, or begins anew. */
  HttpCall again() throws IOException {
    if (resumable) {
      return changed(uri, headers, sink.size());
    }
    sink.restart();
    return this;
  }

  private HttpCall changed(URI target, Map<String, String> otherHeaders, long from) {
    return new HttpCall(
        method, target, otherHeaders, body, sink, maxBytes, whenLarger, resumable, from);
  }

  static boolean sameOrigin(URI one, URI other) {
    return origin(one).equals(origin(other));
  }

  private static String origin(URI uri) {
    return (uri.getScheme() + "://" + Objects.requireNonNullElse(uri.getRawAuthority(), ""))
        .toLowerCase(Locale.ROOT);
  }

  /** Without headers and body, which hold secrets. */
  @Override
  public String toString() {
    return method + " " + HttpText.of(uri);
  }
}
