package dev.warder.policy.host.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A wire to a server on this machine that can be cut and mended. */
final class Wire implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean cut;

  Wire(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Ends all connections and lets no other through. */
  void cut() {
    cut = true;
    sockets.forEach(Wire::close);
  }

  void mend() {
    cut = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var caller = listener.accept();
        sockets.add(caller);
        if (cut) {
          close(caller);
        } else {
          threads.execute(() -> connect(caller));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket caller) {
    var server = new Socket();
    sockets.add(server);
    try {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      var back = threads.submit(() -> copy(server.getInputStream(), caller.getOutputStream()));
      copy(caller.getInputStream(), server.getOutputStream());
      back.cancel(true);
    } catch (IOException e) {
      // Cut, or one of the two has gone.
      close(caller);
    } finally {
      close(server);
      close(caller);
    }
  }

  private static long copy(InputStream from, OutputStream to) throws IOException {
    return from.transferTo(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(Wire::close);
    threads.shutdownNow();
  }
}
