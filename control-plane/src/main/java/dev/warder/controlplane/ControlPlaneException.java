package dev.warder.controlplane;

/**
 * A local control plane, or a program that it needs, could not be had; the message says what to do
 * next.
 */
public final class ControlPlaneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ControlPlaneException(String message) {
    super(message);
  }

  ControlPlaneException(String message, Throwable cause) {
    super(message, cause);
  }
}
