package dev.warder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.policy.evaluation.AdmissionReviews;
import dev.warder.policy.evaluation.Decoded;
import dev.warder.policy.evaluation.ValidationRequest;
import java.io.IOException;

/** Requests as people keep them in files: with or without the review around them. */
final class RequestFile {
  private static final JsonMapper JSON = new JsonMapper();

  private RequestFile() {}

  static ValidationRequest decode(byte[] document, boolean raw) {
    var review = isReview(document);
    Decoded decoded;
    if (raw) {
      // A raw document may well have a member "request" of its own: it is taken as it is.
      decoded = AdmissionReviews.decodeRawRequest(document);
    } else if (review) {
      decoded = AdmissionReviews.decode(document);
    } else {
      decoded = AdmissionReviews.decodeRequest(document);
    }
    return switch (decoded) {
      case Decoded.Request(var request) -> request;
      case Decoded.NotJson(var message) -> throw refused(message);
      case Decoded.Malformed(var message) -> throw refused(message);
    };
  }

  private static boolean isReview(byte[] document) {
    try {
      JsonNode json = JSON.readTree(document);
      return json.path("request").isObject();
    } catch (IOException e) {
      return false;
    }
  }

  private static CommandFailedException refused(String message) {
    return new CommandFailedException("the request file is no admission request: " + message);
  }
}
