package dev.warder.policy.evaluation;

/** Hears which step a preparation has come to. Called on the preparing thread; must not block. */
@FunctionalInterface
public interface StepListener {
  /** A listener that does not listen. */
  StepListener NONE = step -> {};

  /**
   * Called when a step begins.
   *
   * @param step one line for people, such as {@code compiling the module}
   */
  void step(String step);
}
