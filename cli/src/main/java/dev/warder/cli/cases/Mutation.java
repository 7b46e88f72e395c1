package dev.warder.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;

/** What the policy must do to the object. */
sealed interface Mutation {
  /** Nothing. */
  record None() implements Mutation {}

  /** Make it this. */
  record To(JsonNode object) implements Mutation {}
}
