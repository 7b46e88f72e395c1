package dev.warder.policy.host.crypto;

/** What a guest gave is no certificate that could be judged. */
final class UnusableCertificateException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableCertificateException(String message) {
    super(message, null, false, false);
  }
}
