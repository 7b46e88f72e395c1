package dev.warder.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Ports on 127.0.0.1 that were free a moment ago. Another process can take one before it is used:
 * the programs themselves cannot pick a free port.
 */
record Ports(int etcdClient, int etcdPeer, int apiServer) {

  static Ports free() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    // All open at once, so that the three differ.
    try (var first = new ServerSocket(0, 1, loopback);
        var second = new ServerSocket(0, 1, loopback);
        var third = new ServerSocket(0, 1, loopback)) {
      return new Ports(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
    }
  }
}
