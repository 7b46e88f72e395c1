package dev.warder.policy.host;

/** A file is no record of host calls. */
public final class UnreadableSessionException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableSessionException(String message) {
    super(message, null, false, false);
  }
}
