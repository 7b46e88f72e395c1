package dev.warder.cli.cases;

/** Cases are not written down as they should be; the message says where, why and what to do. */
public final class CaseFileException extends Exception {
  private static final long serialVersionUID = 1L;

  CaseFileException(String message) {
    super(message);
  }

  CaseFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
