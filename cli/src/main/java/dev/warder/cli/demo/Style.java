package dev.warder.cli.demo;

/** Colours, where the output is a terminal that wants them. */
enum Style {
  PLAIN,
  COLOURED;

  @SuppressWarnings("SystemConsoleNull") // it can be: with -Djdk.console of an absent module
  static Style ofTerminal() {
    var console = System.console();
    var wanted =
        console != null
            && console.isTerminal()
            && System.getenv("NO_COLOR") == null
            && !"dumb".equals(System.getenv("TERM"));
    return wanted ? COLOURED : PLAIN;
  }

  String bold(String text) {
    return dress("1", text);
  }

  String faint(String text) {
    return dress("2", text);
  }

  String command(String text) {
    return dress("36", text);
  }

  String outcome(StepReport.Outcome outcome, String text) {
    return switch (outcome) {
      case PASSED -> dress("32", text);
      case FAILED -> dress("31", text);
      case SKIPPED -> dress("33", text);
    };
  }

  String diff(String line) {
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> dress("32", line);
      case '-' -> dress("31", line);
      case '@' -> dress("36", line);
      default -> line;
    };
  }

  private String dress(String code, String text) {
    return this == COLOURED ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
