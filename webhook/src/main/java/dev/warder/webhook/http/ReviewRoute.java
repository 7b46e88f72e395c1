package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.AdmissionReviews;
import dev.warder.policy.evaluation.Decoded;

/** The three ways to ask for a verdict. */
enum ReviewRoute {
  VALIDATE("validate", true) {
    @Override
    Decoded decode(byte[] body) {
      return AdmissionReviews.decode(body);
    }

    @Override
    byte[] encode(AdmissionResponse response) {
      return AdmissionReviews.encode(response);
    }
  },
  VALIDATE_RAW("validate_raw", true) {
    @Override
    Decoded decode(byte[] body) {
      return AdmissionReviews.decodeRaw(body);
    }

    @Override
    byte[] encode(AdmissionResponse response) {
      return AdmissionReviews.encodeRaw(response);
    }
  },
  /** The policy's own answer, whatever its mode. */
  AUDIT("audit", false) {
    @Override
    Decoded decode(byte[] body) {
      return AdmissionReviews.decode(body);
    }

    @Override
    byte[] encode(AdmissionResponse response) {
      return AdmissionReviews.encode(response);
    }
  };

  private final String path;
  private final boolean enforcing;

  ReviewRoute(String path, boolean enforcing) {
    this.path = path;
    this.enforcing = enforcing;
  }

  /** The first segment of the path, and the origin in metrics. */
  String path() {
    return path;
  }

  /** Whether mode, mutation guard and custom message apply. */
  boolean enforcing() {
    return enforcing;
  }

  abstract Decoded decode(byte[] body);

  abstract byte[] encode(AdmissionResponse response);
}
