package dev.warder.cli.cases;

import java.util.regex.Pattern;

/** What a text must be. */
sealed interface TextMatch {
  /** This and nothing else. */
  record Exactly(String text) implements TextMatch {}

  /** This somewhere in it. */
  record Contains(String part) implements TextMatch {}

  /** The whole of it matches. */
  record Matches(Pattern pattern) implements TextMatch {}

  default boolean fits(String text) {
    return switch (this) {
      case Exactly(var wanted) -> text.equals(wanted);
      case Contains(var part) -> text.contains(part);
      case Matches(var pattern) -> pattern.matcher(text).matches();
    };
  }

  /** For people, as in "expected …". */
  default String wanted() {
    return switch (this) {
      case Exactly(var wanted) -> Texts.quoted(wanted);
      case Contains(var part) -> "something with " + Texts.quoted(part);
      case Matches(var pattern) -> "something that matches " + Texts.quoted(pattern.pattern());
    };
  }
}
