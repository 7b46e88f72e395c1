package dev.warder.policy.fetch;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where modules may come from, and what the way there needs.
 *
 * @param insecureHosts {@code host} or {@code host:port} (without the scheme's default port) that
 *     may be asked without verification, or by plain HTTP
 * @param authorities whom to trust for which host, besides those whom Java trusts
 * @param clientCertificates what to show which host
 * @param credentials what to log in to registries with
 * @param proxies through which the way leads
 * @param mirrors of registries
 */
public record Sources(
    Set<String> insecureHosts,
    Map<String, List<X509Certificate>> authorities,
    Map<String, ClientCertificate> clientCertificates,
    Credentials credentials,
    Proxies proxies,
    Mirrors mirrors) {

  public Sources {
    insecureHosts = Set.copyOf(insecureHosts);
    authorities = byHost(authorities, List::copyOf);
    clientCertificates = byHost(clientCertificates, Function.identity());
  }

  /** Everything by verified HTTPS, directly, and without credentials. */
  public static Sources none() {
    return new Sources(
        Set.of(), Map.of(), Map.of(), Credentials.none(), Proxies.none(), Mirrors.none());
  }

  public Sources withInsecureHosts(Set<String> hosts) {
    return new Sources(hosts, authorities, clientCertificates, credentials, proxies, mirrors);
  }

  public Sources withAuthorities(Map<String, List<X509Certificate>> byHost) {
    return new Sources(insecureHosts, byHost, clientCertificates, credentials, proxies, mirrors);
  }

  public Sources withClientCertificates(Map<String, ClientCertificate> byHost) {
    return new Sources(insecureHosts, authorities, byHost, credentials, proxies, mirrors);
  }

  public Sources withCredentials(Credentials found) {
    return new Sources(insecureHosts, authorities, clientCertificates, found, proxies, mirrors);
  }

  public Sources withProxies(Proxies through) {
    return new Sources(
        insecureHosts, authorities, clientCertificates, credentials, through, mirrors);
  }

  public Sources withMirrors(Mirrors instead) {
    return new Sources(
        insecureHosts, authorities, clientCertificates, credentials, proxies, instead);
  }

  private static <T> Map<String, T> byHost(Map<String, T> map, Function<T, T> copy) {
    return map.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                entry -> HostNames.normal(entry.getKey()),
                entry -> copy.apply(entry.getValue()),
                (first, second) -> first));
  }
}
