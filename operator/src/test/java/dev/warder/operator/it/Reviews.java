package dev.warder.operator.it;

/** What the API server posts to a webhook. */
final class Reviews {
  private Reviews() {}

  /** The creation of a pod with one container. */
  static String podCreation(String image) {
    return """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
         "request": {
           "uid": "asked", "name": "asked", "namespace": "asked", "operation": "CREATE",
           "kind": {"group": "", "version": "v1", "kind": "Pod"},
           "resource": {"group": "", "version": "v1", "resource": "pods"},
           "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
           "requestResource": {"group": "", "version": "v1", "resource": "pods"},
           "userInfo": {"username": "somebody"},
           "object": {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "asked", "namespace": "asked"},
             "spec": {"containers": [{"name": "app", "image": "%s"}]}},
           "dryRun": true}}"""
        .formatted(image);
  }
}
