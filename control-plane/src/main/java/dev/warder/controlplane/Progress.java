package dev.warder.controlplane;

/** Is told, one line at a time, what a step that can take minutes is doing. */
@FunctionalInterface
public interface Progress {

  /**
   * Tells one line.
   *
   * @param message a sentence without a line break
   */
  void step(String message);

  /** A progress that nobody listens to. */
  static Progress silent() {
    return message -> {};
  }
}
