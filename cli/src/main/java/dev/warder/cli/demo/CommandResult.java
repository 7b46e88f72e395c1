package dev.warder.cli.demo;

/**
 * What one command answered.
 *
 * @param line as a person would type it
 */
record CommandResult(String line, int exitCode, String stdout, String stderr) {
  boolean succeeded() {
    return exitCode == 0;
  }

  /** Both outputs, as a terminal would show them. */
  String output() {
    return (stdout + stderr).strip();
  }

  /** What an admission webhook said in refusing, or all of the output. */
  String refusal() {
    var marker = "denied the request: ";
    var text = stderr.strip();
    var at = text.indexOf(marker);
    return at < 0 ? output() : text.substring(at + marker.length());
  }
}
