package dev.warder.operator.certificate;

import dev.warder.operator.WebhookEndpoint;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names that the API server may call the webhook by. */
final class Hosts {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Hosts() {}

  static Set<String> of(WebhookEndpoint endpoint, String namespace) {
    return switch (endpoint) {
      case WebhookEndpoint.Service(var name, var _) ->
          new TreeSet<>(
              Set.of(
                  name + "." + namespace + ".svc", name + "." + namespace + ".svc.cluster.local"));
      case WebhookEndpoint.Url(var host) -> Set.of(unbracketed(host));
    };
  }

  static boolean isAddress(String host) {
    return ADDRESS.matcher(host).matches();
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
