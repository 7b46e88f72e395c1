package dev.warder.cli.demo;

/** Who watches the demo while it runs: a person at a terminal, or a script. */
interface Audience {
  /** A line about what takes time now. */
  void progress(String line);

  void stepBegins(int number, Step step);

  void commandEnds(CommandResult result);

  /** Anything else worth showing, such as a file's content; may have several lines. */
  void shows(String text);

  void stepEnds(StepReport report);

  void demoEnds(DemoReport report);

  /** The demo stays until it is interrupted. */
  void stays(String folder, String kubeconfig);
}
