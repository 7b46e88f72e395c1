package dev.warder.policy.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a {@link LoopbackServer} does with a connection after it read a request. */
@FunctionalInterface
public interface Answer {
  void send(Socket connection) throws IOException, InterruptedException;

  /** A whole answer. */
  static Answer of(int status, Map<String, String> headers, byte[] body) {
    return connection -> {
      var all = new LinkedHashMap<>(headers);
      all.putIfAbsent("content-length", String.valueOf(body.length));
      var out = connection.getOutputStream();
      head(out, status, all);
      out.write(body);
      out.flush();
    };
  }

  static Answer ok(String contentType, byte[] body) {
    return of(200, Map.of("content-type", contentType), body);
  }

  static Answer status(int status) {
    return of(status, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }

  static Answer redirect(String location) {
    return of(307, Map.of("location", location), new byte[0]);
  }

  /** Promises the whole body and ends the connection in the middle of it. */
  static Answer truncated(byte[] body) {
    return connection -> {
      var out = connection.getOutputStream();
      head(out, 200, Map.of("content-length", String.valueOf(body.length)));
      out.write(body, 0, body.length / 2);
      out.flush();
    };
  }

  /** Sends half of the body, then resets the connection. */
  static Answer reset(byte[] body) {
    return connection -> {
      truncated(body).send(connection);
      connection.setSoLinger(true, 0);
      connection.close();
    };
  }

  /** A body without end or length. */
  static Answer endless(int status) {
    return connection -> {
      var out = connection.getOutputStream();
      head(out, status, Map.of());
      var piece = new byte[8192];
      while (!connection.isClosed()) {
        out.write(piece);
      }
    };
  }

  /** One byte at a time, with a pause after each. */
  static Answer drip(byte[] body, Duration pause) {
    return connection -> {
      var out = connection.getOutputStream();
      head(out, 200, Map.of("content-length", String.valueOf(body.length)));
      for (var piece : body) {
        out.write(piece);
        out.flush();
        Thread.sleep(pause);
      }
    };
  }

  /** Accepts the request and never says anything. */
  static Answer silence() {
    return connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  /** Half of the body, then nothing more. */
  static Answer silenceAfterHalf(byte[] body) {
    return connection -> {
      truncated(body).send(connection);
      silence().send(connection);
    };
  }

  private static void head(OutputStream out, int status, Map<String, String> headers)
      throws IOException {
    var head = new StringBuilder("HTTP/1.1 " + status + " Status\r\nconnection: close\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
