package dev.warder.webhook.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLException;

/** Speaks HTTP byte by byte, for what a well-behaved client cannot be made to send. */
final class RawHttp implements AutoCloseable {
  private final Socket socket;

  RawHttp(Socket socket) {
    this.socket = socket;
  }

  RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads until the server closes the connection. */
  String readToEnd() throws IOException {
    var read = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(read);
    } catch (SSLException | SocketException e) {
      // A reset, or an end without TLS's farewell, is an end as well.
    }
    return read.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
