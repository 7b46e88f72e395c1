package dev.warder.policy.host.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Whom names are asked of. */
@FunctionalInterface
public interface NameResolver {
  /** All addresses of a name; blocks for as long as the resolver does. */
  List<InetAddress> addresses(String name) throws UnknownHostException;

  /** The machine's own, with its hosts file and search domains. */
  static NameResolver system() {
    return name -> List.of(InetAddress.getAllByName(name));
  }
}
