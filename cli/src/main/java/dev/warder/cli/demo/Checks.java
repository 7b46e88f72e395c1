package dev.warder.cli.demo;

import java.util.stream.Stream;

/** What steps expect of answers. */
final class Checks {
  private Checks() {}

  static boolean contains(String text, String... parts) {
    return Stream.of(parts).allMatch(text::contains);
  }

  /** A webhook refused the request, in words that only the policy itself can have chosen. */
  static Finding refused(CommandResult answer, String words) {
    if (answer.succeeded()) {
      return Finding.unexpected("it was admitted");
    }
    var expected = contains(answer.stderr(), "denied the request", words);
    return expected ? Finding.asExpected(answer.refusal()) : Finding.unexpected(answer.output());
  }

  static Finding created(CommandResult answer) {
    return answer.succeeded() && answer.stdout().contains("created")
        ? Finding.asExpected("created")
        : Finding.unexpected(answer.output());
  }
}
