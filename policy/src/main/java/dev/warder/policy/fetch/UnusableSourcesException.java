package dev.warder.policy.fetch;

/** What is wrong in a file of sources; it never leaves this package. */
final class UnusableSourcesException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;

  UnusableSourcesException(String problem) {
    super(problem);
    this.problem = problem;
  }

  String problem() {
    return problem;
  }
}
