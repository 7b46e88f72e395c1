package dev.warder.policy.fetch;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to. Whoever writes a manifest chooses the hosts that a policy's
 * calls about images go to, so those must not lead to this machine or to what serves it: loopback,
 * link-local (where clouds have their metadata), multicast. Hosts that the settings name are
 * exempt.
 *
 * <p>The name is looked up here and again by the HTTP client, through the same cache of the JVM,
 * which keeps an address for 30 s: a name that changes in between does so for both. Whoever hits
 * the moment in which the cache forgets gets a TLS handshake through and no request, as hosts that
 * are not exempt need a certificate for that name.
 */
final class AddressRule {
  /** Everything. */
  static final AddressRule ANY = new AddressRule(Optional.empty(), Proxies.none());

  private static final int IPV6_BYTES = 16;

  /** Where clouds have their metadata besides the link-local addresses. */
  private static final Set<InetAddress> METADATA =
      Stream.of("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192")
          .map(InetAddress::ofLiteral)
          .collect(Collectors.toUnmodifiableSet());

  private static final List<byte[]> EMBEDDING =
      Stream.of("64:ff9b::", "::")
          .map(prefix -> InetAddress.ofLiteral(prefix).getAddress())
          .toList();

  private final Optional<Set<String>> exempt;
  private final Proxies proxies;

  private AddressRule(Optional<Set<String>> exempt, Proxies proxies) {
    this.exempt = exempt;
    this.proxies = proxies;
  }

  /** For hosts that strangers choose, with sources that an admin has written. */
  static AddressRule forStrangers(Sources sources) {
    var named = new HashSet<String>();
    sources.insecureHosts().forEach(host -> named.add(HostNames.normal(host)));
    sources.mirrors().rules().stream()
        .flatMap(rule -> rule.locations().stream())
        .forEach(location -> named.add(HostNames.normal(location.split("/", 2)[0])));
    named.addAll(sources.authorities().keySet());
    named.addAll(sources.clientCertificates().keySet());
    return new AddressRule(Optional.of(Set.copyOf(named)), sources.proxies());
  }

  /** Why that must not be connected to, if it must not; looks the name up. */
  Optional<String> objection(URI uri) {
    if (exempt.isEmpty() || exempt.get().contains(HostNames.of(uri))) {
      return Optional.empty();
    }
    var host = uri.getHost();
    var isAddress = host.startsWith("[") || host.matches("[0-9.]+");
    if (proxies.on(uri).isPresent() && !isAddress) {
      // The proxy looks it up, and has rules of its own.
      return Optional.empty();
    }
    try {
      for (var address : InetAddress.getAllByName(host)) {
        if (isOwn(address)) {
          return Optional.of(
              "%s is an address of this machine or of its surroundings; list the host as a source to allow it"
                  .formatted(HostNames.of(uri)));
        }
      }
      return Optional.empty();
    } catch (UnknownHostException e) {
      // The client will say so.
      return Optional.empty();
    }
  }

  private static boolean isOwn(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || METADATA.contains(address)
        || embedded(address).filter(AddressRule::isOwn).isPresent();
  }

  /** The IPv4 address that a gateway (NAT64) or an old notation makes of an IPv6 address. */
  private static Optional<InetAddress> embedded(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length == IPV6_BYTES
        && EMBEDDING.stream().anyMatch(prefix -> Arrays.equals(prefix, 0, 12, bytes, 0, 12))) {
      return Optional.of(literal(Arrays.copyOfRange(bytes, 12, IPV6_BYTES)));
    }
    return Optional.empty();
  }

  private static InetAddress literal(byte... bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
