package dev.warder.policy.host.kubernetes;

import dev.warder.policy.json.Shape;

/** What guests send with calls about the cluster. */
public final class KubernetesPayloads {
  private static final Shape.Members LIST =
      Shape.object()
          .required("api_version", Shape.TEXT)
          .required("kind", Shape.TEXT)
          .optional("label_selector", Shape.TEXT)
          .optional("field_selector", Shape.TEXT)
          .optional("field_masks", Shape.listOf(Shape.TEXT));

  public static final Shape LIST_ALL = LIST;
  public static final Shape LIST_BY_NAMESPACE = LIST.required("namespace", Shape.TEXT);

  public static final Shape GET =
      Shape.object()
          .required("api_version", Shape.TEXT)
          .required("kind", Shape.TEXT)
          .required("name", Shape.TEXT)
          .optional("namespace", Shape.TEXT)
          .required("disable_cache", Shape.BOOLEAN)
          .optional("field_masks", Shape.listOf(Shape.TEXT));

  public static final Shape CAN_I =
      Shape.object()
          .required(
              "subject_access_review",
              Shape.object()
                  .required("user", Shape.TEXT)
                  .optional("groups", Shape.listOf(Shape.TEXT))
                  .required(
                      "resource_attributes",
                      Shape.object()
                          .optional("group", Shape.TEXT)
                          .optional("name", Shape.TEXT)
                          .optional("namespace", Shape.TEXT)
                          .required("resource", Shape.TEXT)
                          .optional("subresource", Shape.TEXT)
                          .required("verb", Shape.TEXT)
                          .optional("version", Shape.TEXT)))
          .required("disable_cache", Shape.BOOLEAN);

  private KubernetesPayloads() {}
}
