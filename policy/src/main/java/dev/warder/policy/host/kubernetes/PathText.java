package dev.warder.policy.host.kubernetes;

import java.util.regex.Pattern;

/** What guests give to be put into the path of a request: no part of it may become another part. */
final class PathText {
  private static final int MAX_CHARS = 253;
  private static final Pattern API_VERSION =
      Pattern.compile("[a-z0-9](?:[a-z0-9.-]*+)(?:/[a-z0-9]++)?+");
  private static final Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,62}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  // Names of RBAC objects have colons; the API server itself excludes only / and %, . and ..
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._:@~-]+");

  private PathText() {}

  static void requireKind(String apiVersion, String kind) throws ReadFailedException {
    require(
        apiVersion.length() <= MAX_CHARS && API_VERSION.matcher(apiVersion).matches(),
        "api_version");
    require(KIND.matcher(kind).matches(), "kind");
  }

  static void requireNamespace(String namespace) throws ReadFailedException {
    require(NAMESPACE.matcher(namespace).matches(), "namespace");
  }

  static void requireName(String name) throws ReadFailedException {
    require(name.length() <= MAX_CHARS && NAME.matcher(name).matches(), "name");
  }

  private static void require(boolean usable, String member) throws ReadFailedException {
    if (!usable) {
      throw new ReadFailedException("the " + member + " is none that Kubernetes could have");
    }
  }
}
