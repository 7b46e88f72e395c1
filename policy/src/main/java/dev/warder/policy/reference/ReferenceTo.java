package dev.warder.policy.reference;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.util.regex.Pattern;

/** What a reference is to, which is what its failures speak of. */
enum ReferenceTo {
  MODULE(
      "module",
      "registry://host/repository:tag, https://host/path, file:///absolute/path or"
          + " oci-layout:/absolute/folder:tag"),
  IMAGE("image", "host/repository:tag or host/repository@sha256:…");

  private static final int MAX_CHARS = 2048;
  private static final int MAX_QUOTED_CHARS = 300;

  /** No reference has an @ in its host. */
  private static final Pattern WITH_USER =
      Pattern.compile("(?:[^/:]*+://)?+[^/@]*+@[^/]*+/.*", Pattern.DOTALL);

  private final String noun;
  private final String forms;

  ReferenceTo(String noun, String forms) {
    this.noun = noun;
    this.forms = forms;
  }

  /** The text, unless it is wrong whatever form it has. */
  Outcome<String> plain(String text) {
    if (text.isEmpty()) {
      return failed("the " + noun + " reference is empty");
    }
    if (text.length() > MAX_CHARS) {
      return failed("the " + noun + " reference is longer than " + MAX_CHARS + " characters");
    }
    if (WITH_USER.matcher(text).matches()) {
      return withUser();
    }
    return text.chars().allMatch(c -> c > ' ' && c <= '~')
        ? Outcome.done(text)
        : invalid(text, "has spaces, control or non-ASCII characters");
  }

  <T> Outcome<T> unusable(String text, String problem) {
    return invalid(text, "is not usable: " + problem);
  }

  <T> Outcome<T> invalid(String text, String problem) {
    return failed(noun + " reference " + quoted(text) + " " + problem);
  }

  /** Repeating the text would put the password into one more place. */
  <T> Outcome<T> withUser() {
    return failed("the " + noun + " reference holds a user name or password; take them out");
  }

  private <T> Outcome<T> failed(String problem) {
    return Outcome.failed(Reason.ModuleReferenceInvalid, problem + "; write " + forms);
  }

  static String quoted(String text) {
    var shown =
        text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + "…";
    return "\"" + shown + "\"";
  }
}
