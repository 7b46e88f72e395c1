package dev.warder.policy.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * An HTTP/1.1 server on 127.0.0.1 that can also break the protocol, which no proper server does.
 * One request for each connection.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocket listener;
  private final String scheme;
  private final Function<Request, Answer> answers;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private LoopbackServer(ServerSocket listener, String scheme, Function<Request, Answer> answers) {
    this.listener = listener;
    this.scheme = scheme;
    this.answers = answers;
    Thread.ofVirtual().start(this::accept);
  }

  /** Plain HTTP on a free port. */
  public static LoopbackServer start(Function<Request, Answer> answers) {
    try {
      var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      return new LoopbackServer(listener, "http", answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** HTTPS on a free port. */
  public static LoopbackServer start(SSLContext tls, Function<Request, Answer> answers) {
    return new LoopbackServer(listener(tls), "https", answers);
  }

  /** HTTPS on a free port, for clients that show a certificate which the context trusts. */
  public static LoopbackServer startForKnownClients(
      SSLContext tls, Function<Request, Answer> answers) {
    var listener = listener(tls);
    // Before the first accept, which would have gone by what held when it began to wait.
    listener.setNeedClientAuth(true);
    return new LoopbackServer(listener, "https", answers);
  }

  private static SSLServerSocket listener(SSLContext tls) {
    try {
      return (SSLServerSocket)
          tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code 127.0.0.1:port}. */
  public String host() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** The address of a path that begins with a slash. */
  public String url(String path) {
    return scheme + "://" + host() + path;
  }

  /** All requests so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** How many clients are still connected. */
  public int openConnections() {
    return connections.size();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    connections.forEach(LoopbackServer::closeQuietly);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        closeQuietly(listener);
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      in.mark(1);
      // A proper server would wait for the rest of a line that never comes.
      if (in.read() == TLS_HANDSHAKE) {
        return;
      }
      in.reset();
      var request = read(in);
      requests.add(request);
      answers.apply(request).send(connection);
    } catch (IOException e) {
      // The client gave up, as most of these tests expect.
      closeQuietly(connection);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private static Request read(InputStream in) throws IOException {
    var start = line(in).split(" ", -1);
    var headers = new HashMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    var body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    return new Request(start[0], start.length > 1 ? start[1] : "", headers, body);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the request broke off");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Nothing more can be done with it.
      return;
    }
  }
}
