package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnreadableJsonException;
import java.nio.charset.StandardCharsets;

/** Admission reviews as an API server sends them. */
public final class AdmissionReviewFixtures {
  public static final String UID = "705ab4f5-6393-11e8-b7cc-42010a800002";

  private static final String POD_REVIEW =
      """
      {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {
          "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
          "kind": {"group": "", "version": "v1", "kind": "Pod"},
          "resource": {"group": "", "version": "v1", "resource": "pods"},
          "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
          "requestResource": {"group": "", "version": "v1", "resource": "pods"},
          "name": "web",
          "namespace": "shop",
          "operation": "CREATE",
          "userInfo": {
            "username": "kubernetes-admin",
            "groups": ["kubeadm:cluster-admins", "system:authenticated"],
            "extra": {"authentication.kubernetes.io/credential-id": ["X509SHA256=5f0b"]}
          },
          "object": {
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": {
              "name": "web",
              "namespace": "shop",
              "creationTimestamp": null,
              "labels": {"app.kubernetes.io/name": "web", "tilde~slash/": "ünï 🦊"}
            },
            "spec": {
              "containers": [
                {"name": "app", "image": "registry.example/shop/web:1.4.2",
                 "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
                {"name": "sidecar", "image": "registry.example/shop/sidecar:1"}
              ],
              "priority": 0,
              "terminationGracePeriodSeconds": 30
            }
          },
          "oldObject": null,
          "dryRun": false,
          "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}
        }
      }
      """;

  private AdmissionReviewFixtures() {}

  /** The creation of a Pod. */
  public static byte[] podReview() {
    return bytes(POD_REVIEW);
  }

  /** The same as a tree that may be changed. */
  public static ObjectNode podReviewTree() {
    return (ObjectNode) tree(POD_REVIEW);
  }

  /** The Pod itself; it may be changed. */
  public static ObjectNode podObject() {
    return podReviewTree().withObject("/request/object");
  }

  /** The creation of a Pod, decoded. */
  public static ValidationRequest.Kubernetes podRequest() {
    return (ValidationRequest.Kubernetes) request(AdmissionReviews.decode(podReview()));
  }

  /** The deletion of the Pod: it has an old object and no object. */
  public static ValidationRequest.Kubernetes podDeletion() {
    var review = podReviewTree();
    var request = review.withObject("/request");
    request.put("operation", "DELETE");
    request.set("oldObject", request.get("object"));
    request.putNull("object");
    return (ValidationRequest.Kubernetes) request(AdmissionReviews.decode(Json.write(review)));
  }

  /** A raw request that is this JSON. */
  public static ValidationRequest.Raw rawRequest(String json) {
    return (ValidationRequest.Raw) request(AdmissionReviews.decodeRawRequest(bytes(json)));
  }

  private static ValidationRequest request(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Request(var request) -> request;
      case Decoded.NotJson(var message) -> throw new IllegalArgumentException(message);
      case Decoded.Malformed(var message) -> throw new IllegalArgumentException(message);
    };
  }

  static JsonNode tree(String json) {
    try {
      return Json.read(json);
    } catch (UnreadableJsonException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
