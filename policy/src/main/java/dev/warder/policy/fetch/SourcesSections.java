package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sections of a file of sources. */
final class SourcesSections {
  private SourcesSections() {}

  static Set<String> insecureSources(SourcesNode section) throws UnusableSourcesException {
    var hosts = new LinkedHashSet<String>();
    for (var host : section.elements()) {
      hosts.add(host(host.text(), host));
    }
    return hosts;
  }

  static Map<String, List<X509Certificate>> authorities(SourcesNode section)
      throws UnusableSourcesException {
    var authorities = new LinkedHashMap<String, List<X509Certificate>>();
    for (var host : section.members().entrySet()) {
      var certificates = new ArrayList<X509Certificate>();
      for (var authority : host.getValue().elements()) {
        certificates.addAll(
            authority.value(Certificates.parse(authority.content(), authority.where())));
      }
      authorities.put(host(host.getKey(), host.getValue()), certificates);
    }
    return authorities;
  }

  static Map<String, ClientCertificate> clientCertificates(SourcesNode section)
      throws UnusableSourcesException {
    var certificates = new LinkedHashMap<String, ClientCertificate>();
    for (var host : section.members().entrySet()) {
      var node = host.getValue();
      node.allow(Set.of("certificate", "key"));
      certificates.put(
          host(host.getKey(), node),
          node.value(
              ClientCertificate.parse(
                  node.at("certificate").content(), node.at("key").content(), node.where())));
    }
    return certificates;
  }

  static Proxies proxies(SourcesNode section, Proxies environment) throws UnusableSourcesException {
    if (section.isNothing()) {
      return environment;
    }
    section.allow(Set.of("http_proxy", "https_proxy", "no_proxy"));
    return section.value(
        Proxies.of(
            proxy(section.at("http_proxy")),
            proxy(section.at("https_proxy")),
            proxy(section.at("no_proxy"))));
  }

  private static String proxy(SourcesNode node) throws UnusableSourcesException {
    return node.isNothing() ? "" : node.text().strip();
  }

  static Mirrors mirrors(SourcesNode section) throws UnusableSourcesException {
    var rules = new ArrayList<Mirrors.Rule>();
    var prefixes = new LinkedHashSet<String>();
    for (var rule : section.elements()) {
      rule.allow(Set.of("prefix", "locations", "only"));
      var only = rule.at("only");
      only.check(only.isNothing() || only.json().isBoolean(), "is neither true nor false");
      var prefix = place(rule.at("prefix"));
      rule.check(prefixes.add(prefix), "has the prefix " + prefix + " of another rule");
      var locations = new ArrayList<String>();
      for (var location : rule.at("locations").elements()) {
        var place = place(location);
        location.check(
            Mirrors.Rule.fits(prefix, place), "needs a path, as the prefix " + prefix + " has one");
        locations.add(place);
      }
      rule.check(!locations.isEmpty(), "has no locations");
      rules.add(new Mirrors.Rule(prefix, locations, only.json().asBoolean()));
    }
    return new Mirrors(rules);
  }

  /** A host, or a host and the beginning of a repository. */
  private static String place(SourcesNode node) throws UnusableSourcesException {
    var text = node.text();
    if (!text.contains("/")) {
      return host(text, node);
    }
    var reference = node.value(ModuleReferences.parse("registry://" + text));
    var plain =
        reference instanceof ModuleReference.Registry registry
            && (registry.host() + "/" + registry.repository()).equals(text);
    node.check(plain, "is not host[:port][/repository]");
    return text;
  }

  private static String host(String text, SourcesNode node) throws UnusableSourcesException {
    var authority =
        ModuleReferences.parse("https://" + text + "/x")
                instanceof Outcome.Done<ModuleReference>(var reference)
            && reference instanceof ModuleReference.Http http
            && text.equals(http.uri().getRawAuthority());
    node.check(authority, "\"" + text + "\" is not host[:port]");
    return text;
  }
}
