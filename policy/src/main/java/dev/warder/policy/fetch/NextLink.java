package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an answer that comes in pages goes on: its Link headers (RFC 8288). */
final class NextLink {
  private static final int MAX_CHARS = 8192;
  private static final Pattern TARGET = Pattern.compile("\\G\\s*<([^<>\\s]*)>");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\G\\s*;\\s*([A-Za-z0-9*-]++)\\s*(?:=\\s*(?:\"([^\"]*+)\"|([^\\s\",;]++)))?");
  private static final Pattern SEPARATOR = Pattern.compile("\\G\\s*(?:,\\s*|$)");

  private NextLink() {}

  /** The next page; fails when there is a link that cannot be understood, or more than one. */
  static Outcome<Optional<URI>> of(HttpReply reply) {
    return parse(reply.headers().allValues("link"), reply.uri());
  }

  static Outcome<Optional<URI>> parse(List<String> headers, URI base) {
    try {
      var targets = new HashSet<URI>();
      for (var header : headers) {
        read(header).ifPresent(target -> targets.add(resolved(base, target)));
      }
      if (targets.size() > 1) {
        throw new IllegalArgumentException("there are two next pages");
      }
      return Outcome.done(targets.stream().findFirst());
    } catch (IllegalArgumentException e) {
      return HttpFailures.unreachable(
          HttpText.of(base) + " has a Link header that cannot be read", "check the registry");
    }
  }

  /** A query alone keeps the path, as RFC 3986 has it; Java follows the one before. */
  private static URI resolved(URI base, URI target) {
    return target.toString().startsWith("?")
        ? base.resolve(base.getRawPath() + target)
        : base.resolve(target);
  }

  private static Optional<URI> read(String header) {
    require(header.length() <= MAX_CHARS);
    var found = Optional.<URI>empty();
    var end = 0;
    while (end < header.length()) {
      var target = TARGET.matcher(header);
      require(target.find(end));
      var next = false;
      var parameters = PARAMETER.matcher(header);
      end = target.end();
      for (; parameters.find(end); end = parameters.end()) {
        next |= isNext(parameters);
      }
      var separator = SEPARATOR.matcher(header);
      require(separator.find(end));
      end = separator.end();
      if (next) {
        require(found.isEmpty());
        found = Optional.of(URI.create(target.group(1)));
      }
    }
    return found;
  }

  private static boolean isNext(Matcher parameter) {
    var value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
    return parameter.group(1).equalsIgnoreCase("rel")
        && value != null
        && List.of(value.toLowerCase(Locale.ROOT).split("\\s+")).contains("next");
  }

  private static void require(boolean good) {
    if (!good) {
      throw new IllegalArgumentException("it is no link");
    }
  }
}
