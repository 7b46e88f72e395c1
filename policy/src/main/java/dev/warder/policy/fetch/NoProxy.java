package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is reached without a proxy. {@code example.org} stands for itself and the hosts below it,
 * {@code .example.org} and {@code *.example.org} only for those below; with a port it means only
 * that port. Addresses and CIDR blocks are compared with hosts that are written as addresses; no
 * name is looked up for that.
 */
record NoProxy(List<Rule> rules) {
  private static final int MAX_RULES = 1000;

  NoProxy {
    rules = List.copyOf(rules);
  }

  /** One entry. */
  sealed interface Rule {
    boolean matches(String host, int port);
  }

  private record Everything() implements Rule {
    @Override
    public boolean matches(String host, int port) {
      return true;
    }
  }

  private record Name(String name, boolean onlyBelow, Optional<Integer> port) implements Rule {
    @Override
    public boolean matches(String host, int asked) {
      var named = (!onlyBelow && host.equals(name)) || host.endsWith("." + name);
      return named && port.filter(wanted -> wanted != asked).isEmpty();
    }
  }

  private record Block(BigInteger network, int hostBits, int length) implements Rule {
    @Override
    public boolean matches(String host, int port) {
      return address(host)
          .filter(bytes -> bytes.length == length)
          .filter(bytes -> new BigInteger(1, bytes).shiftRight(hostBits).equals(network))
          .isPresent();
    }
  }

  static NoProxy nothing() {
    return new NoProxy(List.of());
  }

  /** Reads entries parted by commas or spaces. */
  static Outcome<NoProxy> parse(String text) {
    var rules = new ArrayList<Rule>();
    for (var entry : text.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      if (entry.isEmpty()) {
        continue;
      }
      var rule = rule(entry);
      if (rule.isEmpty() || rules.size() == MAX_RULES) {
        return Certificates.invalid(
            "NO_PROXY has the unusable entry \""
                + entry
                + "\"; write hosts, .suffixes, addresses, CIDR blocks or *");
      }
      rules.add(rule.get());
    }
    return Outcome.done(new NoProxy(rules));
  }

  boolean matches(URI uri) {
    var host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    var usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    var port = uri.getPort() < 0 ? usual : uri.getPort();
    return rules.stream().anyMatch(rule -> rule.matches(host, port));
  }

  private static Optional<Rule> rule(String entry) {
    if (entry.equals("*")) {
      return Optional.of(new Everything());
    }
    var slash = entry.indexOf('/');
    if (slash >= 0) {
      return number(entry.substring(slash + 1))
          .flatMap(bits -> block(entry.substring(0, slash), bits));
    }
    var bare = entry.replaceAll("[\\[\\]]", "");
    var address = address(bare);
    if (address.isPresent()) {
      return block(bare, address.get().length * 8);
    }
    var colon = entry.lastIndexOf(':');
    var port = colon < 0 ? Optional.<Integer>empty() : number(entry.substring(colon + 1));
    if (colon >= 0 && port.isEmpty()) {
      return Optional.empty();
    }
    var host = colon < 0 ? bare : entry.substring(0, colon).replaceAll("[\\[\\]]", "");
    var suffix = host.startsWith("*.") ? host.substring(1) : host;
    var onlyBelow = suffix.startsWith(".");
    var name = onlyBelow ? suffix.substring(1) : suffix;
    return name.isEmpty() || name.contains("*")
        ? Optional.empty()
        : Optional.of(new Name(name, onlyBelow, port));
  }

  private static Optional<Rule> block(String network, int bits) {
    return address(network)
        .filter(bytes -> bits <= bytes.length * 8)
        .map(
            bytes -> {
              var hostBits = bytes.length * 8 - bits;
              return new Block(
                  new BigInteger(1, bytes).shiftRight(hostBits), hostBits, bytes.length);
            });
  }

  private static Optional<byte[]> address(String text) {
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> number(String text) {
    try {
      var number = Integer.parseInt(text);
      return number < 0 ? Optional.empty() : Optional.of(number);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
