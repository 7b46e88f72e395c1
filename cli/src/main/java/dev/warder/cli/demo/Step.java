package dev.warder.cli.demo;

/**
 * One scene of the story.
 *
 * @param name for scripts
 * @param title for people
 * @param expected what should come back
 */
record Step(String name, String title, String expected, Act act) {
  /** What is done; it may fail with any exception, which the report then shows. */
  @FunctionalInterface
  interface Act {
    Finding perform(Stage stage) throws Exception;
  }
}
