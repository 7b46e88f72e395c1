package dev.warder.policy.host.oci;

import dev.warder.policy.json.Shape;

/** What guests send with calls about images. */
public final class OciPayloads {
  /** An image as containers name it. */
  public static final Shape IMAGE = Shape.TEXT;

  private static final Shape ANNOTATIONS = Shape.mapOf(Shape.TEXT);

  static final Shape PUB_KEYS =
      Shape.object()
          .required("image", Shape.TEXT)
          .required("pub_keys", Shape.listOf(Shape.TEXT))
          .optional("annotations", ANNOTATIONS);

  static final Shape KEYLESS =
      Shape.object()
          .required("image", Shape.TEXT)
          .required(
              "keyless",
              Shape.listOf(
                  Shape.object().required("issuer", Shape.TEXT).required("subject", Shape.TEXT)))
          .optional("annotations", ANNOTATIONS);

  static final Shape KEYLESS_PREFIX =
      Shape.object()
          .required("image", Shape.TEXT)
          .required(
              "keyless_prefix",
              Shape.listOf(
                  Shape.object().required("issuer", Shape.TEXT).required("url_prefix", Shape.TEXT)))
          .optional("annotations", ANNOTATIONS);

  static final Shape GITHUB =
      Shape.object()
          .required("image", Shape.TEXT)
          .required("owner", Shape.TEXT)
          .optional("repo", Shape.TEXT)
          .optional("annotations", ANNOTATIONS);

  static final Shape CERTIFICATE =
      Shape.object()
          .required("image", Shape.TEXT)
          .required("certificate", Shape.listOf(Shape.BYTE))
          .optional("certificate_chain", Shape.listOf(Shape.listOf(Shape.BYTE)))
          .required("require_rekor_bundle", Shape.BOOLEAN)
          .optional("annotations", ANNOTATIONS);

  private OciPayloads() {}
}
