package dev.warder.policy.evaluation;

/** Bodies of the admission routes: reads requests, writes responses. */
public final class AdmissionReviews {
  private AdmissionReviews() {}

  static final String REQUEST = "";

  /** Reads an AdmissionReview. */
  public static Decoded decode(byte[] body) {
    return new Decoded.NotJson("");
  }

  /** Reads {@code {"request": …}} with any JSON value. */
  public static Decoded decodeRaw(byte[] body) {
    return new Decoded.NotJson("");
  }

  /** Reads what {@code request} of an AdmissionReview holds, without the review around it. */
  public static Decoded decodeRequest(byte[] request) {
    return new Decoded.NotJson("");
  }

  /** Reads what {@code request} of a raw review holds, without the review around it. */
  public static Decoded decodeRawRequest(byte[] request) {
    return new Decoded.NotJson("");
  }

  /** An AdmissionReview as JSON. */
  public static byte[] encode(AdmissionResponse response) {
    return new byte[0];
  }

  /** The answer to a raw review: {@code {"response": …}}. */
  public static byte[] encodeRaw(AdmissionResponse response) {
    return new byte[0];
  }

  /** Only the response as JSON. */
  public static byte[] encodeResponse(AdmissionResponse response) {
    return new byte[0];
  }
}
