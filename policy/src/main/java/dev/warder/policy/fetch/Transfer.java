package dev.warder.policy.fetch;

import java.util.OptionalLong;

/** What a listener is told of the bytes of one blob. */
final class Transfer implements AutoCloseable {
  private final TransferListener listener;
  private final String what;
  private OptionalLong total = OptionalLong.empty();
  private long most;

  Transfer(TransferListener listener, String what) {
    this.listener = listener;
    this.what = what;
  }

  /** Says how many bytes it will be; the first to say so is believed. */
  synchronized void expect(long bytes) {
    if (total.isEmpty()) {
      total = OptionalLong.of(bytes);
    }
  }

  /** Says how many bytes there are; fewer than before are no news. */
  synchronized void reached(long bytes) {
    if (bytes > most) {
      most = bytes;
      listener.moved(what, bytes, total);
    }
  }

  @Override
  public void close() {
    listener.ended(what);
  }
}
