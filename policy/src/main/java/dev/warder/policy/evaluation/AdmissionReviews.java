package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.MisfitException;
import dev.warder.policy.json.Shape;
import dev.warder.policy.json.UnreadableJsonException;

/** Bodies of the admission routes: reads requests, writes responses. */
public final class AdmissionReviews {
  private static final Shape GROUP_VERSION_KIND =
      Shape.object()
          .required("group", Shape.TEXT)
          .required("version", Shape.TEXT)
          .required("kind", Shape.TEXT);

  private static final Shape GROUP_VERSION_RESOURCE =
      Shape.object()
          .required("group", Shape.TEXT)
          .required("version", Shape.TEXT)
          .required("resource", Shape.TEXT);

  private static final Shape USER =
      Shape.object()
          .optional("username", Shape.TEXT)
          .optional("uid", Shape.TEXT)
          .optional("groups", Shape.listOf(Shape.TEXT))
          .optional("extra", Shape.mapOf(Shape.listOf(Shape.TEXT)));

  /** What a policy sees of a Kubernetes request; nothing else reaches it. */
  private static final Shape KUBERNETES_REQUEST =
      Shape.object()
          .required("uid", Shape.TEXT)
          .required("kind", GROUP_VERSION_KIND)
          .required("resource", GROUP_VERSION_RESOURCE)
          .optional("subResource", Shape.TEXT)
          .optional("requestKind", GROUP_VERSION_KIND)
          .optional("requestResource", GROUP_VERSION_RESOURCE)
          .optional("requestSubResource", Shape.TEXT)
          .optional("name", Shape.TEXT)
          .optional("namespace", Shape.TEXT)
          .required("operation", Shape.TEXT)
          .required("userInfo", USER)
          .optional("object", Shape.ANY)
          .optional("oldObject", Shape.ANY)
          .optional("dryRun", Shape.BOOLEAN)
          .optional("options", Shape.ANY);

  /** {@code kind} and {@code apiVersion} of the review are not looked at. */
  private static final Shape REVIEW = Shape.object().required("request", Shape.ANY);

  private AdmissionReviews() {}

  /** Reads an AdmissionReview. */
  public static Decoded decode(byte[] body) {
    return decoded(body, json -> kubernetes(unwrap(json)));
  }

  /** Reads {@code {"request": …}} with any JSON value. */
  public static Decoded decodeRaw(byte[] body) {
    return decoded(body, json -> new ValidationRequest.Raw(unwrap(json)));
  }

  /** Reads what {@code request} of an AdmissionReview holds, without the review around it. */
  public static Decoded decodeRequest(byte[] request) {
    return decoded(request, AdmissionReviews::kubernetes);
  }

  /** Reads what {@code request} of a raw review holds, without the review around it. */
  public static Decoded decodeRawRequest(byte[] request) {
    return decoded(request, ValidationRequest.Raw::new);
  }

  /** An AdmissionReview that holds the response. */
  public static byte[] encode(AdmissionResponse response) {
    var review = Json.object();
    review.put("kind", "AdmissionReview");
    review.put("apiVersion", "admission.k8s.io/v1");
    review.set("response", response.json());
    return Json.write(review);
  }

  /** The answer to a raw review: {@code {"response": …}}. */
  public static byte[] encodeRaw(AdmissionResponse response) {
    return Json.write(Json.object().set("response", response.json()));
  }

  private static ValidationRequest.Kubernetes kubernetes(JsonNode request) throws MisfitException {
    return new ValidationRequest.Kubernetes(
        (ObjectNode) KUBERNETES_REQUEST.fit(request, "request"));
  }

  private static JsonNode unwrap(JsonNode review) throws MisfitException {
    return REVIEW.fit(review, "review").path("request");
  }

  private static Decoded decoded(byte[] body, Step step) {
    try {
      return new Decoded.Request(step.apply(Json.read(body)));
    } catch (UnreadableJsonException e) {
      return new Decoded.NotJson("the body is not one JSON document: " + e.reason());
    } catch (MisfitException e) {
      return new Decoded.Malformed(e.reason());
    }
  }

  @FunctionalInterface
  private interface Step {
    ValidationRequest apply(JsonNode json) throws MisfitException;
  }
}
