package dev.warder.policy.evaluation;

import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.json.Utf8;
import dev.warder.policy.wasi.Run;

/** What a run left behind, with everything that can go wrong before its answer is understood. */
sealed interface RunOutput {
  /**
   * A document on stdout, after exit code 0.
   *
   * @param stderr for the log
   */
  record Answer(String stdout, String stderr) implements RunOutput {}

  /**
   * Nothing that could be an answer.
   *
   * @param message why, for people
   * @param stderr for the log
   */
  record Failed(Ending ending, String message, String stderr) implements RunOutput {}

  static RunOutput of(Run run) {
    return switch (run) {
      case Run.Exited(var code, var stdout, var stderr) when code == 0 -> exited(stdout, stderr);
      case Run.Exited(var code, var _, var stderr) -> crashed("exited with code " + code, stderr);
      case Run.Trapped(var trap, var stderr) -> crashed("trapped (" + trap + ")", stderr);
      case Run.Overran(var budget, var message, var stderr) ->
          new Failed(
              new Ending.Overran(budget),
              message,
              Utf8.decode(stderr).map(StderrText::of).orElse(""));
      case Run.NotStarted(var message) -> new Failed(new Ending.Crashed(), message, "");
    };
  }

  private static RunOutput exited(byte[] stdout, byte[] stderr) {
    var errors = Utf8.decode(stderr);
    var output = Utf8.decode(stdout);
    if (errors.isEmpty()) {
      return notUtf8("stderr", new Ending.Unreadable(), "");
    }
    var text = StderrText.of(errors.get());
    return output.isEmpty()
        ? notUtf8("stdout", new Ending.Unreadable(), text)
        : new Answer(output.get(), text);
  }

  private static RunOutput crashed(String how, byte[] stderr) {
    var crashed = new Ending.Crashed();
    var errors = Utf8.decode(stderr);
    if (errors.isEmpty()) {
      return notUtf8("stderr", crashed, "");
    }
    var text = StderrText.of(errors.get());
    return new Failed(
        crashed,
        text.isEmpty() ? "the policy " + how + " and printed nothing on stderr" : text,
        text);
  }

  private static Failed notUtf8(String pipe, Ending ending, String stderr) {
    return new Failed(
        ending, "cannot convert the policy's " + pipe + " pipe to text: it is not UTF-8", stderr);
  }
}
