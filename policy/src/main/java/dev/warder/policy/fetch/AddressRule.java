package dev.warder.policy.fetch;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses may be connected to. Whoever writes a manifest chooses the hosts that a policy's
 * calls about images go to, so those must not lead to this machine or to what serves it: loopback,
 * link-local (where clouds have their metadata), multicast. Hosts that the settings name are
 * exempt.
 *
 * <p>The name is looked up here and again by the HTTP client, through the same cache of the JVM,
 * which keeps an address for 30 s: a name that changes in between does so for both.
 */
final class AddressRule {
  /** Everything. */
  static final AddressRule ANY = new AddressRule(Optional.empty(), Proxies.none());

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
        || address.isMulticastAddress();
  }
}
