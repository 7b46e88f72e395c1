package dev.warder.cli.cases;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Texts in messages. */
final class Texts {
  private Texts() {}

  /** In one line, with quotation marks around it. */
  static String quoted(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }
}
