package dev.warder.controlplane;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes namespaces, service accounts and their tokens, as the controller manager would. */
record Accounts(ApiClient api) {

  private static final String NAMESPACES = "/api/v1/namespaces";
  private static final int CONFLICT = 409;
  private static final int TOKEN_SECONDS = 24 * 60 * 60;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern TOKEN = Pattern.compile("\"token\"\\s*:\\s*\"([A-Za-z0-9._-]+)\"");

  /** Makes a namespace, unless it exists. */
  ApiClient.Answer createNamespace(String name) throws IOException, InterruptedException {
    return create(NAMESPACES, "Namespace", name);
  }

  /** Makes a service account, unless it exists. */
  ApiClient.Answer createServiceAccount(String namespace, String name)
      throws IOException, InterruptedException {
    return create(serviceAccounts(namespace), "ServiceAccount", name);
  }

  private ApiClient.Answer create(String path, String kind, String name)
      throws IOException, InterruptedException {
    ApiClient.Answer answer =
        api.post(
            path,
            """
            {"apiVersion":"v1","kind":"%s","metadata":{"name":"%s"}}
            """
                .formatted(kind, checked(name)));
    return answer.status() == CONFLICT ? new ApiClient.Answer(200, answer.body()) : answer;
  }

  /** A token of a service account, good for one day. */
  String token(String namespace, String name) throws IOException, InterruptedException {
    ApiClient.Answer answer =
        api.post(
            serviceAccounts(namespace) + "/" + checked(name) + "/token",
            """
            {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":%d}}
            """
                .formatted(TOKEN_SECONDS));
    Matcher token = TOKEN.matcher(answer.body());
    if (!answer.isSuccess() || !token.find()) {
      throw new ControlPlaneException(
          "no token for service account %s/%s: the API server said %d %s"
              .formatted(namespace, name, answer.status(), answer.body()));
    }
    return token.group(1);
  }

  private static String serviceAccounts(String namespace) {
    return NAMESPACES + "/" + checked(namespace) + "/serviceaccounts";
  }

  /** Names go into paths and JSON as they are. */
  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a Kubernetes name: " + name);
    }
    return name;
  }
}
