package dev.warder.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A kept-alive TLS connection that asks and waits. It does no more than HTTP/1.1 with a known
 * length needs, so that asking costs little beside answering.
 */
final class Connection implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final int OK_PREFIX = "HTTP/1.1 200".length();

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[64 << 10];

  Connection(Endpoint endpoint) throws IOException {
    socket = endpoint.trust().getSocketFactory().createSocket(Endpoint.HOST, endpoint.port());
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** The body of the answer; any status but 200 is an error. */
  String ask(byte[] request) throws IOException {
    var answer = exchange(request);
    if (answer.status() != 200) {
      throw new IOException("answered with " + answer.status() + ": " + answer.body());
    }
    return answer.body();
  }

  record Answer(int status, String body) {}

  Answer exchange(byte[] request) throws IOException {
    out.write(request);
    int filled = 0;
    int end;
    do {
      filled += read(filled);
      end = endOfHead(filled);
    } while (end < 0);
    var head = new String(buffer, 0, end, StandardCharsets.ISO_8859_1);
    var length = LENGTH.matcher(head);
    var whole = end + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    while (filled < whole) {
      filled += read(filled);
    }
    var status = Integer.parseInt(head, OK_PREFIX - 3, OK_PREFIX, 10);
    return new Answer(status, new String(buffer, end, whole - end, StandardCharsets.UTF_8));
  }

  private int read(int at) throws IOException {
    var read = in.read(buffer, at, buffer.length - at);
    if (read <= 0) {
      throw new EOFException("the server closed the connection, or its answer is too long");
    }
    return read;
  }

  private int endOfHead(int filled) {
    for (int i = 3; i < filled; i++) {
      if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
